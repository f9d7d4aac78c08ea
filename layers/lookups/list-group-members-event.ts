import * as z from "zod";
import { identitySchema } from "#exchange/values";

/** Which group, and either how much of it or whether somebody is in it. */
export const listGroupMembersEventSchema = z
  .strictObject({
    group: identitySchema.describe("Address, alias, GUID, distinguished name or name of one distribution list."),
    scope: z
      .enum(["direct", "all"])
      .exactOptional()
      .describe("Who is in the list itself, as without it, or also who is in lists in it."),
    limit: z.int().min(1).exactOptional().describe("How many members at most; all where it is absent."),
    member: identitySchema.exactOptional().describe("Asks only whether this person or list is in the list."),
  })
  .refine(({ member, scope, limit }) => member === undefined || (scope === undefined && limit === undefined), {
    error: "Whether a member is in the list is asked without scope and limit.",
  });
