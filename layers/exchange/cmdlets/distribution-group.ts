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
import * as group from "#exchange/values";
import { identitySchema, objectId, restrictionSchema } from "#exchange/values";

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

/**
 * Puts one recipient into a group and answers no rows.
 * https://learn.microsoft.com/powershell/module/exchangepowershell/add-distributiongroupmember
 */
export const addDistributionGroupMember = defineCmdlet({
  name: "Add-DistributionGroupMember",
  access: "write",
  home: "served",
  // Without a member the cmdlet adds whoever calls it.
  parameters: z.strictObject({ Identity: identitySchema, Member: identitySchema }),
  alwaysSent: { Confirm: false },
  // An app owns no group. Its role may lack the parameter, and only then is it refused.
  sentWherePermitted: { BypassSecurityGroupManagerCheck: true },
  row: z.looseObject({}),
  rowId: objectId,
});

const memberRowSchema = z.looseObject({
  ExchangeObjectId: textProperty,
  Guid: textProperty,
  ExternalDirectoryObjectId: textProperty,
  RecipientTypeDetails: z.string(),
  PrimarySmtpAddress: textProperty,
  DisplayName: textProperty,
  Name: textProperty,
});

export type GroupMemberRow = z.infer<typeof memberRowSchema>;

/**
 * Lists the direct members of a group; a group among them is one row. A very large group can take Exchange 15 minutes.
 * https://learn.microsoft.com/powershell/module/exchangepowershell/get-distributiongroupmember
 */
export const getDistributionGroupMember = defineCmdlet({
  name: "Get-DistributionGroupMember",
  access: "read",
  home: "served",
  parameters: z.strictObject({ Identity: identitySchema, ResultSize: resultSizeSchema.exactOptional() }),
  row: memberRowSchema,
  rowId: objectId,
});

const parametersSchema = z
  .strictObject({
    Name: group.nameSchema,
    // Without one Exchange makes it of the name, and nobody could tell afterwards which group was ours.
    Alias: group.aliasSchema,
    DisplayName: group.displayNameSchema.exactOptional(),
    PrimarySmtpAddress: group.addressSchema.exactOptional(),
    ManagedBy: z.array(identitySchema).min(1).exactOptional(),
    Members: z.array(identitySchema).min(1).exactOptional(),
    Type: z.enum(["Distribution", "Security"]).exactOptional(),
    MemberJoinRestriction: group.restrictionSchema.exactOptional(),
    MemberDepartRestriction: group.restrictionSchema.exactOptional(),
    Description: z.array(group.noteSchema).min(1).exactOptional(),
    Notes: group.noteSchema.exactOptional(),
    RequireSenderAuthenticationEnabled: z.boolean().exactOptional(),
  })
  .refine(
    ({ Type, MemberJoinRestriction, MemberDepartRestriction }) =>
      Type !== "Security" || (MemberJoinRestriction !== "Open" && MemberDepartRestriction !== "Open"),
    "Nobody may come to a security group, or go, by themselves: Open is for distribution groups.",
  );

export type NewGroupParameters = z.infer<typeof parametersSchema>;

const newGroupRowSchema = z.looseObject({
  ExchangeObjectId: textProperty,
  Guid: textProperty,
  RecipientTypeDetails: z.string(),
  DistinguishedName: textProperty,
  PrimarySmtpAddress: textProperty,
  DisplayName: textProperty,
  Name: textProperty,
  Alias: textProperty,
});

/**
 * Makes a group and answers it as one row. A naming policy may have changed its name; the alias is as asked.
 * https://learn.microsoft.com/powershell/module/exchangepowershell/new-distributiongroup
 */
export const newDistributionGroup = defineCmdlet({
  name: "New-DistributionGroup",
  access: "write",
  home: "served",
  parameters: parametersSchema,
  alwaysSent: { Confirm: false },
  row: newGroupRowSchema,
  rowId: objectId,
});
