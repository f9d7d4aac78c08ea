import * as z from "zod";
import {
  defineCmdlet,
  filterSchema,
  flagProperty,
  listProperty,
  resultSizeSchema,
  textProperty,
  timeProperty,
} from "#exchange/cmdlet";
import { identitySchema, objectId } from "#exchange/values";

/**
 * The values Get-EXORecipient takes.
 * https://learn.microsoft.com/powershell/module/exchangepowershell/get-exorecipient#-recipienttypedetails
 */
export const recipientTypeSchema = z.enum([
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
]);

export type RecipientType = z.infer<typeof recipientTypeSchema>;

const rowSchema = z.looseObject({
  ExchangeObjectId: textProperty,
  Guid: textProperty,
  ExternalDirectoryObjectId: textProperty,
  RecipientTypeDetails: z.string(),
  WindowsLiveID: textProperty,
  PrimarySmtpAddress: textProperty,
  EmailAddresses: listProperty,
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
  HiddenFromAddressListsEnabled: flagProperty,
  WhenChangedUTC: timeProperty,
  WhenCreatedUTC: timeProperty,
});

export type RecipientRow = z.infer<typeof rowSchema>;

/** Reads mail-enabled objects; of the properties of a user it has all but those of the account itself. */
export const getExoRecipient = defineCmdlet({
  name: "Get-EXORecipient",
  access: "read",
  home: "module",
  parameters: z.strictObject({
    Identity: identitySchema.exactOptional(),
    // The module's own translation of a filter breaks on a doubled quote.
    Filter: filterSchema.refine((text) => !text.includes("''"), "The filter holds a doubled quote.").exactOptional(),
    RecipientTypeDetails: z.array(recipientTypeSchema).min(1).exactOptional(),
    ResultSize: resultSizeSchema.exactOptional(),
  }),
  propertiesParameter: "Properties",
  row: rowSchema,
  rowId: objectId,
});
