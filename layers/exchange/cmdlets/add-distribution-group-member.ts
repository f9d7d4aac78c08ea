import * as z from "zod";
import { defineCmdlet } from "#exchange/cmdlet";
import { identitySchema } from "#exchange/identity";
import { objectId } from "#exchange/object-id";

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
