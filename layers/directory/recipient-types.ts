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

/** Whether an object of this kind is an account alone: no recipient, and in no address list that it could be hidden from. */
export function isAccountType(type: string): boolean {
  return ["User", "DisabledUser", "LinkedUser"].includes(type);
}

/**
 * Kinds of recipients that can be in a distribution group, by RecipientTypeDetails: mailboxes of people and resources, mail
 * users, mail contacts, distribution groups and mail-enabled security groups. Microsoft 365 groups, dynamic groups and
 * accounts without mail cannot.
 * https://learn.microsoft.com/powershell/module/exchangepowershell/add-distributiongroupmember#-member
 */
export const memberTypes: ReadonlySet<string> = new Set([
  "UserMailbox",
  "LinkedMailbox",
  "LegacyMailbox",
  "SharedMailbox",
  "SchedulingMailbox",
  "RoomMailbox",
  "LinkedRoomMailbox",
  "EquipmentMailbox",
  "MailUser",
  "GuestMailUser",
  "RemoteUserMailbox",
  "RemoteSharedMailbox",
  "RemoteRoomMailbox",
  "RemoteEquipmentMailbox",
  "MailContact",
  "MailUniversalDistributionGroup",
  "MailUniversalSecurityGroup",
  "RoomList",
]);

/** What an object is, for people who have to choose among several; its RecipientTypeDetails where it has no other word. */
export function kindInWords(type: string): string {
  return words.find(([pattern]) => pattern.test(type))?.[1] ?? type;
}

const words: readonly [pattern: RegExp, word: string][] = [
  [/^(?:User|Linked|Legacy|RemoteUser)Mailbox$|^MailUser$/, "person"],
  [/^GuestMailUser$/, "guest"],
  [/Contact$/, "contact"],
  [/SharedMailbox$/, "shared mailbox"],
  [/RoomMailbox$/, "room"],
  [/EquipmentMailbox$/, "equipment"],
  [/^SchedulingMailbox$/, "bookings mailbox"],
  [/^MailUniversalSecurityGroup$/, "security group"],
  [/^(?:MailUniversalDistributionGroup|MailNonUniversalGroup)$/, "distribution list"],
  [/^RoomList$/, "list of rooms"],
  [/^GroupMailbox$/, "team"],
  [/^DynamicDistributionGroup$/, "dynamic list"],
  [/User$/, "account without a mailbox"],
];

/**
 * Role groups that every organization has.
 * https://learn.microsoft.com/exchange/permissions-exo/permissions-exo#role-groups
 */
const builtInNames: ReadonlySet<string> = new Set([
  "compliance management",
  "discovery management",
  "help desk",
  "hygiene management",
  "organization management",
  "recipient management",
  "records management",
  "security administrator",
  "security operator",
  "security reader",
  "um management",
  "view-only organization management",
]);

/** Those that stand for roles of Microsoft Entra ID have a number of their own behind the name: `TenantAdmins_-1785523426`. */
const linkedName =
  /^(?:tenantadmins|exchangeserviceadmins|helpdeskadmins|complianceadmins|securityadmins|securityreaders|globalreaders)_-?[0-9a-f]+$/;

/** Whether a name is that of a role group of Microsoft's: administrators by their duties, which nobody can write to. */
export function isBuiltInRoleGroup(name: string): boolean {
  const folded = name.toLowerCase();
  return builtInNames.has(folded) || linkedName.test(folded);
}
