import * as z from "zod";
import { identitySchema } from "#exchange/values";

export const operationIdSchema = z.string().regex(/^[A-Za-z0-9_-]{1,128}$/, "is not 1 to 128 letters, digits, _ or -");

export const requestedBySchema = z.string().min(1).max(320);

/** Clocks differ, and zones are mistaken; what is further ahead could begin anew once its operation is forgotten. */
const farthestAheadMs = 24 * 60 * 60 * 1000;

/** What every request carries. */
export const requestFields = {
  operationId: operationIdSchema.describe("Names the operation for good: the same request may come again under it."),
  requestedAt: z.iso
    .datetime({ offset: true })
    .refine((text) => Date.parse(text) - Date.now() <= farthestAheadMs, "is more than a day ahead")
    .describe("ISO 8601. Older than 30 days, or more than a day ahead, is refused."),
  requestedBy: requestedBySchema.describe("Who asked for it, for the record."),
  dryRun: z.boolean().exactOptional().describe("Resolves and checks everything, changes nothing, claims no operation."),
};

type RequestFields = z.infer<z.ZodObject<typeof requestFields>>;

/** Changes say who asked for them; a skill that only reads may do without. */
export type OperationRequest = Omit<RequestFields, "requestedBy"> & Partial<Pick<RequestFields, "requestedBy">>;

export const memberListSchema = z
  .array(identitySchema)
  .min(1)
  .max(50)
  .describe("People, contacts or groups: address, alias, GUID, distinguished name or name of each.");
