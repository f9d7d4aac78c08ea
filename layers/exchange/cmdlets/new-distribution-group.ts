import * as z from "zod";
import { defineCmdlet, textProperty } from "#exchange/cmdlet";
import * as group from "#exchange/group-parameters";
import { identitySchema } from "#exchange/identity";
import { objectId } from "#exchange/object-id";

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
