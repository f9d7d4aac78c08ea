import { findCycles } from "#directory/cycles";
import type { ExpansionState, GroupReference } from "#directory/expansion-state";

/** Why an expansion is not everybody: time or queries were over, groups were left unread, members or groups are not known. */
export const incompleteReasons = ["deadline", "queries", "unread", "unresolved", "unexpanded"] as const;
export type IncompleteReason = (typeof incompleteReasons)[number];

/** The first reason why it is not everybody that was found; null where it is. */
export function incompleteReasonOf(state: ExpansionState): "unread" | "unresolved" | "unexpanded" | null {
  if (state.readGroups < state.groups.length) return "unread";
  if (state.unresolved.count > 0) return "unresolved";
  return state.unexpanded.length > 0 ? "unexpanded" : null;
}

/** Members so far, groups among them. */
export function memberCountOf({ byType }: ExpansionState): number {
  return Object.values(byType).reduce((sum, count) => sum + count, 0);
}

/** The rings of groups that contain each other, of those that have been read. See findCycles. */
export function cyclesOf({ groups }: ExpansionState): GroupReference[][] {
  const byId = new Map(groups.map((group) => [group.id, group]));
  const rings = findCycles(new Map(groups.map(({ id, contains }) => [id, contains])));
  return rings.map((ring) => ring.flatMap((id) => byId.get(id) ?? []).map(toReference));
}

/** What a found group is called, without where it was found. */
export function toReference({ id, name, address, type }: GroupReference): GroupReference {
  return { id, name, address, type };
}
