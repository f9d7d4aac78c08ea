import type { RecipientType } from "#exchange/cmdlets/get-exorecipient";

/** The kinds that Get-DistributionGroup knows, by RecipientTypeDetails: its sister cmdlets list and change their members. */
export const distributionGroupTypes = [
  "MailUniversalDistributionGroup",
  "MailUniversalSecurityGroup",
  "MailNonUniversalGroup",
  "RoomList",
] as const satisfies RecipientType[];

/** Whether an object of this kind is a group whose members Get-DistributionGroupMember lists. */
export function isDistributionGroupType(type: string): boolean {
  return distributionGroupTypes.some((each) => each === type);
}

/**
 * Whether it is a group of any other kind: dynamic ones, Microsoft 365 groups (`GroupMailbox`), groups without mail. All of
 * these are called groups.
 * https://learn.microsoft.com/powershell/module/exchangepowershell/get-recipient#-recipienttypedetails
 */
export function isOtherGroupType(type: string): boolean {
  return /group/i.test(type) && !isDistributionGroupType(type);
}
