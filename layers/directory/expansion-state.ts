import * as z from "zod";
import type { Member } from "#directory/member";
import { guidSchema } from "#directory/record-fields";

const count = z.int().nonnegative();

/** A group as it is named to people. The name is the one they see, where there is one. */
export const groupReferenceSchema = z.strictObject({
  id: guidSchema,
  name: z.string().nullable(),
  address: z.string().nullable(),
  type: z.string(),
});

/** A group in an expanded group. */
const foundGroupSchema = groupReferenceSchema.extend({
  /** The group it was found in first, which is on a shortest way to it; null for the one that is expanded. */
  foundIn: guidSchema.nullable(),
});

export const unresolvedSchema = z.strictObject({
  /** null for a row without id. */
  id: guidSchema.nullable(),
  foundIn: guidSchema,
  reason: z.string(),
});

/** How far an expansion is, between two groups. Grows with the number of groups, not of members. */
export const expansionStateSchema = z.strictObject({
  /**
   * The group that is expanded and every group found in it whose members can be listed: level by level, in the order of their
   * ids, which is also the order in which they are read. Those of a level that is not whole yet stand as they were found.
   */
  groups: z.array(
    foundGroupSchema.extend({
      /** Those of `groups` that are directly in it, once it is read. */
      contains: z.array(guidSchema),
    }),
  ),
  /** How many of them are read, and how many belong to levels that are whole. */
  readGroups: count,
  wholeLevels: count,
  /** Members found so far, groups among them, by type. */
  byType: z.record(z.string(), count),
  /** Groups in it of kinds whose members cannot be listed. */
  unexpanded: z.array(foundGroupSchema),
  /** What could not be read: members of which there is no record, and groups that were gone. The first of them, and how many. */
  unresolved: z.strictObject({ count, first: z.array(unresolvedSchema) }),
});

export type GroupReference = z.infer<typeof groupReferenceSchema>;
export type Unresolved = z.infer<typeof unresolvedSchema>;
export type ExpansionState = z.infer<typeof expansionStateSchema>;

/** An expansion of which nothing has been read. */
export function beginExpansion(root: GroupReference): ExpansionState {
  return {
    groups: [{ ...root, foundIn: null, contains: [] }],
    readGroups: 0,
    wholeLevels: 1,
    byType: {},
    unexpanded: [],
    unresolved: { count: 0, first: [] },
  };
}

export function toGroupReference({ id, displayName, name, address, type }: Member): GroupReference {
  return { id, name: displayName ?? name ?? null, address: address ?? null, type };
}
