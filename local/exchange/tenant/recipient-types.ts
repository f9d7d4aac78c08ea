/**
 * RecipientType by RecipientTypeDetails, as Get-User, Get-Recipient and Get-DistributionGroup show them.
 * A role group and an arbitration mailbox are in the directory, but no listing cmdlet shows them unasked.
 */
const recipientTypes = {
  UserMailbox: "UserMailbox",
  LinkedMailbox: "UserMailbox",
  LegacyMailbox: "UserMailbox",
  SharedMailbox: "UserMailbox",
  RoomMailbox: "UserMailbox",
  LinkedRoomMailbox: "UserMailbox",
  EquipmentMailbox: "UserMailbox",
  SchedulingMailbox: "UserMailbox",
  TeamMailbox: "UserMailbox",
  DiscoveryMailbox: "UserMailbox",
  PublicFolderMailbox: "UserMailbox",
  ArbitrationMailbox: "UserMailbox",
  MailUser: "MailUser",
  GuestMailUser: "MailUser",
  RemoteUserMailbox: "MailUser",
  RemoteRoomMailbox: "MailUser",
  RemoteEquipmentMailbox: "MailUser",
  RemoteSharedMailbox: "MailUser",
  RemoteTeamMailbox: "MailUser",
  User: "User",
  DisabledUser: "User",
  LinkedUser: "User",
  MailContact: "MailContact",
  MailForestContact: "MailContact",
  MailUniversalDistributionGroup: "MailUniversalDistributionGroup",
  MailUniversalSecurityGroup: "MailUniversalSecurityGroup",
  MailNonUniversalGroup: "MailNonUniversalGroup",
  RoomList: "MailUniversalDistributionGroup",
  GroupMailbox: "MailUniversalDistributionGroup",
  DynamicDistributionGroup: "DynamicDistributionGroup",
  PublicFolder: "PublicFolder",
  RoleGroup: "Group",
} as const;

export type RecipientTypeDetails = keyof typeof recipientTypes;
export type RecipientType = (typeof recipientTypes)[RecipientTypeDetails];

export const recipientTypeDetailsNames = Object.keys(recipientTypes) as readonly RecipientTypeDetails[];
export const recipientTypeNames: readonly RecipientType[] = [...new Set(Object.values(recipientTypes))];

export function recipientTypeOf(details: RecipientTypeDetails): RecipientType {
  return recipientTypes[details];
}

/** Whether objects of this kind have a mailbox in this tenant. */
export function hasMailbox(details: RecipientTypeDetails): boolean {
  return recipientTypes[details] === "UserMailbox" || details === "GroupMailbox";
}

/** Whether objects of this kind are groups of the directory. */
export function isGroupType(details: RecipientTypeDetails): boolean {
  const type = recipientTypes[details];
  return type.endsWith("Group");
}

/** The four kinds that Get-DistributionGroup knows. */
export const distributionGroupTypes: readonly RecipientTypeDetails[] = [
  "MailUniversalDistributionGroup",
  "MailUniversalSecurityGroup",
  "MailNonUniversalGroup",
  "RoomList",
];
