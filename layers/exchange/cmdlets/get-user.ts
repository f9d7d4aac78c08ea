import * as z from "zod";
import { defineCmdlet, filterSchema, resultSizeSchema, textProperty, timeProperty } from "#exchange/cmdlet";
import { identitySchema, objectId } from "#exchange/values";

/**
 * The values Get-User takes.
 * https://learn.microsoft.com/powershell/module/exchangepowershell/get-user#-recipienttypedetails
 */
export const accountTypeSchema = z.enum([
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
]);

export type AccountType = z.infer<typeof accountTypeSchema>;

const rowSchema = z.looseObject({
  ExchangeObjectId: textProperty,
  Guid: textProperty,
  ExternalDirectoryObjectId: textProperty,
  RecipientTypeDetails: z.string(),
  UserPrincipalName: textProperty,
  WindowsEmailAddress: textProperty,
  DisplayName: textProperty,
  FirstName: textProperty,
  LastName: textProperty,
  Name: textProperty,
  Department: textProperty,
  Title: textProperty,
  Manager: textProperty,
  Company: textProperty,
  Office: textProperty,
  Phone: textProperty,
  MobilePhone: textProperty,
  WhenChangedUTC: timeProperty,
  WhenCreatedUTC: timeProperty,
});

export type AccountRow = z.infer<typeof rowSchema>;

/** Reads accounts, those without a mailbox too; it knows one address of each and nothing of address lists. */
export const getUser = defineCmdlet({
  name: "Get-User",
  access: "read",
  home: "served",
  parameters: z.strictObject({
    Identity: identitySchema.exactOptional(),
    Filter: filterSchema.exactOptional(),
    RecipientTypeDetails: z.array(accountTypeSchema).min(1).exactOptional(),
    ResultSize: resultSizeSchema.exactOptional(),
  }),
  row: rowSchema,
  rowId: objectId,
});
