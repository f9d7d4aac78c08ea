import { unknownMember } from "#local/exchange/cmdlets/faults";
import type { RecipientTypeDetails } from "#local/exchange/tenant/recipient-types";

const namespace = "Microsoft.Exchange.Data.Directory.Recipient";

/** The values of a parameter that takes members of an enumeration, spelled as it spells them. Throws for any other. */
export function toMembers<Member extends string>(
  parameter: "RecipientType" | "RecipientTypeDetails",
  values: readonly string[],
  members: readonly Member[],
): ReadonlySet<Member> {
  return new Set(values.map((value) => toMember(parameter, value, `${namespace}.${parameter}`, members)));
}

/** The value of a parameter that takes a member of an enumeration, spelled as it spells it. Throws for any other. */
export function toMember<Member extends string>(
  parameter: string,
  value: string,
  typeName: string,
  members: readonly Member[],
): Member {
  const member = members.find((candidate) => candidate.toLowerCase() === value.toLowerCase());
  if (member === undefined) throw unknownMember(parameter, value, typeName, members);
  return member;
}

/**
 * The kinds Get-User shows.
 * https://learn.microsoft.com/powershell/module/exchangepowershell/get-user#-recipienttypedetails
 */
export const userTypes: readonly RecipientTypeDetails[] = [
  "DisabledUser",
  "DiscoveryMailbox",
  "EquipmentMailbox",
  "GuestMailUser",
  "LegacyMailbox",
  "LinkedMailbox",
  "LinkedUser",
  "MailUser",
  "PublicFolderMailbox",
  "RemoteEquipmentMailbox",
  "RemoteRoomMailbox",
  "RemoteSharedMailbox",
  "RemoteTeamMailbox",
  "RemoteUserMailbox",
  "RoomMailbox",
  "SchedulingMailbox",
  "SharedMailbox",
  "TeamMailbox",
  "User",
  "UserMailbox",
];

/**
 * The kinds Get-EXORecipient shows.
 * https://learn.microsoft.com/powershell/module/exchangepowershell/get-exorecipient#-recipienttypedetails
 */
export const recipientListTypes: readonly RecipientTypeDetails[] = [
  "DiscoveryMailbox",
  "DynamicDistributionGroup",
  "EquipmentMailbox",
  "GroupMailbox",
  "GuestMailUser",
  "LegacyMailbox",
  "LinkedMailbox",
  "LinkedRoomMailbox",
  "MailContact",
  "MailForestContact",
  "MailNonUniversalGroup",
  "MailUniversalDistributionGroup",
  "MailUniversalSecurityGroup",
  "MailUser",
  "PublicFolder",
  "PublicFolderMailbox",
  "RemoteEquipmentMailbox",
  "RemoteRoomMailbox",
  "RemoteSharedMailbox",
  "RemoteTeamMailbox",
  "RemoteUserMailbox",
  "RoomList",
  "RoomMailbox",
  "SchedulingMailbox",
  "SharedMailbox",
  "TeamMailbox",
  "UserMailbox",
];
