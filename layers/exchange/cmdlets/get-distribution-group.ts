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
import { restrictionSchema } from "#exchange/group-parameters";
import { identitySchema } from "#exchange/identity";
import { objectId } from "#exchange/object-id";

/**
 * The values Get-DistributionGroup takes.
 * https://learn.microsoft.com/powershell/module/exchangepowershell/get-distributiongroup#-recipienttypedetails
 */
const groupTypeSchema = z.enum([
  "MailNonUniversalGroup",
  "MailUniversalDistributionGroup",
  "MailUniversalSecurityGroup",
  "RoomList",
]);

const restrictionProperty = restrictionSchema.nullish();

const groupRowSchema = z.looseObject({
  ExchangeObjectId: textProperty,
  Guid: textProperty,
  ExternalDirectoryObjectId: textProperty,
  RecipientTypeDetails: z.string(),
  DisplayName: textProperty,
  Name: textProperty,
  Alias: textProperty,
  PrimarySmtpAddress: textProperty,
  EmailAddresses: listProperty,
  ManagedBy: listProperty,
  // Microsoft's page has the plural; objects of some tenants have the singular.
  ManagedByWithDisplayName: listProperty,
  ManagedByWithDisplayNames: listProperty,
  MemberJoinRestriction: restrictionProperty,
  MemberDepartRestriction: restrictionProperty,
  IsDirSynced: flagProperty,
  HiddenFromAddressListsEnabled: flagProperty,
  RequireSenderAuthenticationEnabled: flagProperty,
  ModerationEnabled: flagProperty,
  ModeratedBy: listProperty,
  Description: listProperty,
  WhenChangedUTC: timeProperty,
  WhenCreatedUTC: timeProperty,
});

export type DistributionGroupRow = z.infer<typeof groupRowSchema>;

/** Reads distribution groups, mail-enabled security groups and room lists. */
export const getDistributionGroup = defineCmdlet({
  name: "Get-DistributionGroup",
  access: "read",
  home: "served",
  parameters: z.strictObject({
    Identity: identitySchema.exactOptional(),
    Filter: filterSchema.exactOptional(),
    RecipientTypeDetails: z.array(groupTypeSchema).min(1).exactOptional(),
    ResultSize: resultSizeSchema.exactOptional(),
  }),
  // Without it owners are short names, which can be GUIDs; not every tenant has it.
  sentWherePermitted: { IncludeManagedByWithDisplayNames: true },
  row: groupRowSchema,
  rowId: objectId,
});
