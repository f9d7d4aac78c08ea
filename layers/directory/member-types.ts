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
