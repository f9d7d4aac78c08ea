import * as z from "zod";
import { memberStateSchema } from "#changes/add-members";
import { groupReportSchema } from "#operations/group-report";
import type { Attempt } from "#operations/skill";

/** What is known of a group that is to be made. */
export const createGroupStateSchema = z.strictObject({
  alias: z.string(),
  /** Ids of the owners, once each is known for one person. */
  owners: z.array(z.string()).nullable(),
  /** When Exchange was about to be told to make the group, and there was none. */
  intendedAt: z.iso.datetime().nullable(),
  group: groupReportSchema.nullable(),
  members: z.array(memberStateSchema),
});

export type CreateGroupState = z.infer<typeof createGroupStateSchema>;
export type CreateGroupAttempt = Attempt<CreateGroupState>;
