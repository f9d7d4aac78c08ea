import * as z from "zod";
import { groupReportSchema } from "#operations/group-report";

const count = z.int().nonnegative();

const foundGroupSchema = groupReportSchema.extend({ type: z.string().describe("Exchange's RecipientTypeDetails.") });

/** Everybody in a group, as far as it was found out; the manifest has the whole of what is told here in part. */
export const audienceReportSchema = z.strictObject({
  members: count.describe("Direct and indirect members, each once, groups among them."),
  byType: z.record(z.string(), count).describe("The same by Exchange's RecipientTypeDetails."),
  groups: count.describe("Lists that were read, the one that was asked for among them."),
  cycles: z.strictObject({
    count,
    first: z.array(z.array(foundGroupSchema)).describe("Rings of lists that contain each other, the first of each."),
  }),
  unexpanded: z.strictObject({
    count,
    first: z.array(foundGroupSchema).describe("Groups in it whose members cannot be listed: teams, dynamic lists."),
  }),
  unresolved: z.strictObject({
    count,
    first: z
      .array(z.strictObject({ id: z.string().nullable(), foundIn: z.string(), reason: z.string() }))
      .describe("Members that could not be read, and lists that were gone, by id and the id of the list they are in."),
  }),
  complete: z.boolean().describe("Whether these are all the members there are."),
  reason: z
    .enum(["deadline", "queries", "unread", "unresolved", "unexpanded"])
    .nullable()
    .describe("The first reason why they are not: time, lists not read yet, or what the fields of that name say."),
  readStartedAt: z.iso.datetime(),
  readEndedAt: z.iso.datetime().nullable(),
  manifestKey: z.string().nullable().describe("In the bucket: names the pages. null where none are written."),
  manifestSha256: z.string().nullable(),
  pages: count,
});

export type AudienceReport = z.infer<typeof audienceReportSchema>;
