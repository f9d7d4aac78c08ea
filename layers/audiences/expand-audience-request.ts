import * as z from "zod";
import { recipientTypeSchema } from "#exchange/cmdlets/get-exorecipient";
import { accountTypeSchema } from "#exchange/cmdlets/get-user";
import { identitySchema } from "#exchange/values";
import { requestFields } from "#operations/request";

/** Every kind of object that Exchange's listing cmdlets know. */
const memberTypeSchema = z.enum([...new Set([...recipientTypeSchema.options, ...accountTypeSchema.options])]);

export const expandAudienceRequestSchema = z.strictObject({
  ...requestFields,
  requestedBy: requestFields.requestedBy.exactOptional(),
  group: identitySchema.describe("Address, alias, GUID, distinguished name or name of one distribution list."),
  include: z
    .array(memberTypeSchema)
    .min(1)
    .exactOptional()
    .describe("Whom the pages shall hold, by RecipientTypeDetails; everybody where it is absent. All are counted."),
});

export type ExpandAudienceRequest = z.infer<typeof expandAudienceRequestSchema>;
