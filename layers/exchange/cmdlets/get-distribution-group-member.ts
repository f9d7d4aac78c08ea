import * as z from "zod";
import { defineCmdlet, resultSizeSchema, textProperty } from "#exchange/cmdlet";
import { identitySchema } from "#exchange/identity";
import { objectId } from "#exchange/object-id";

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
