import * as z from "zod";
import { findCycles } from "#directory/cycles";
import type { MemberSource } from "#directory/members";
import { isDistributionGroupType, isOtherGroupType } from "#directory/recipient-types";
import { guidSchema, type Member } from "#directory/records";
import { nameObject, type Reference, referenceSchema } from "#directory/reference";
import { type Deadline, remainingMs } from "#runtime/deadline";
import { ExchangeError } from "#runtime/errors";

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
export function cyclesOf({ groups }: ExpansionState): Reference[][] {
  const byId = new Map(groups.map((group) => [group.id, group]));
  const rings = findCycles(new Map(groups.map(({ id, contains }) => [id, contains])));
  return rings.map((ring) => ring.flatMap((id) => byId.get(id) ?? []).map(toReference));
}

/** What a found group is called, without where it was found. */
export function toReference({ id, name, address, type }: Reference): Reference {
  return { id, name, address, type };
}

const count = z.int().nonnegative();

/** A group in an expanded group. */
const foundGroupSchema = referenceSchema.extend({
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

export type Unresolved = z.infer<typeof unresolvedSchema>;
export type ExpansionState = z.infer<typeof expansionStateSchema>;

/** An expansion of which nothing has been read. */
export function beginExpansion(root: Reference): ExpansionState {
  return {
    groups: [{ ...root, foundIn: null, contains: [] }],
    readGroups: 0,
    wholeLevels: 1,
    byType: {},
    unexpanded: [],
    unresolved: { count: 0, first: [] },
  };
}

/** A member, and the groups between the expanded group and it: one of the shortest ways, none for a direct member. */
export type FoundMember = { member: Member; path: readonly Reference[] };

/** When to end before every group is read. */
export type Budget = {
  deadline: Deadline;
  /** How many groups may be asked for at most. */
  maxQueries?: number;
};

/** So many unresolved ones are named; the others are counted. */
const namedUnresolved = 100;

/**
 * Finds every direct and indirect member of a group once, breadth first: level by level, the groups of a level in the order
 * of their ids, the members of a group in the order they come. Each group is read once. The expanded group is no member of
 * itself: where it is in a group in it, that is a cycle.
 *
 * @example
 * const expansion = new Expansion(beginExpansion(root));
 * for await (const { member, path } of expansion.readAll(source, { deadline })) …
 */
export class Expansion {
  readonly #state: ExpansionState;
  readonly #groups: Map<string, ExpansionState["groups"][number]>;
  readonly #seen: Set<string>;
  #stoppedBy: "deadline" | "queries" | null = null;

  /** Goes on from a state, with the ids of every member found until then. */
  constructor(state: ExpansionState, seen = new Set<string>()) {
    this.#state = structuredClone(state);
    this.#groups = new Map(this.#state.groups.map((group) => [group.id, group]));
    this.#seen = seen;
    for (const id of this.#groups.keys()) seen.add(id);
  }

  /** A copy of how far it is. Only between groups can one go on from it. */
  get state(): ExpansionState {
    return structuredClone(this.#state);
  }

  /** How many groups are known and not wholly read. */
  get unreadGroups(): number {
    return this.#state.groups.length - this.#state.readGroups;
  }

  /** Why it is not everybody that has been found so far: the first reason there is. null where it is. */
  get incompleteReason(): IncompleteReason | null {
    return (this.unreadGroups > 0 ? this.#stoppedBy : null) ?? incompleteReasonOf(this.#state);
  }

  /** The rings of groups that contain each other, of those that have been read. See findCycles. */
  get cycles(): Reference[][] {
    return cyclesOf(this.#state);
  }

  /** The groups between the expanded group and the members of this one, itself included. */
  pathThrough(groupId: string): Reference[] {
    const path: Reference[] = [];
    for (let group = this.#groups.get(groupId); group?.foundIn; group = this.#groups.get(group.foundIn)) {
      path.unshift(toReference(group));
    }
    return path;
  }

  /** Reads every group there is to read, and ends sooner when the budget is over: see `incompleteReason`. */
  async *readAll(source: MemberSource, { deadline, maxQueries }: Budget): AsyncGenerator<FoundMember, void> {
    this.#stoppedBy = null;
    for (let queries = 0; this.unreadGroups > 0; queries += 1) {
      if (queries === maxQueries) return this.#stop("queries");
      if (remainingMs(deadline) === 0) return this.#stop("deadline");
      try {
        yield* this.readNext(source);
      } catch (error) {
        const isTooLate = error instanceof ExchangeError && error.retryable && remainingMs(deadline) === 0;
        if (!isTooLate) throw error;
        return this.#stop("deadline");
      }
    }
  }

  /**
   * Reads the next group and yields who is in it and was found in none before; nobody where all are read. A group in it that
   * is gone is unresolved; what else the source throws is thrown, and the group is the next one still.
   */
  async *readNext(source: MemberSource): AsyncGenerator<FoundMember, void> {
    const group = this.#next();
    if (group === undefined) return;
    const path = this.pathThrough(group.id);
    const contains = new Set<string>();
    try {
      for await (const reading of source({ id: group.id })) {
        if (!reading.ok) {
          this.#noteUnresolved({ id: reading.id ?? null, foundIn: group.id, reason: reading.reason });
          continue;
        }
        const { member } = reading;
        if (isDistributionGroupType(member.type)) contains.add(member.id);
        if (this.#seen.has(member.id)) continue;
        this.#seen.add(member.id);
        this.#take(member, group.id);
        yield { member, path };
      }
    } catch (error) {
      if (group.foundIn === null || !isGone(error)) throw error;
      this.#noteUnresolved({ id: group.id, foundIn: group.foundIn, reason: error.message });
    }
    group.contains = [...contains].sort();
    this.#state.readGroups += 1;
  }

  #next(): ExpansionState["groups"][number] | undefined {
    const { groups, readGroups, wholeLevels } = this.#state;
    if (readGroups === wholeLevels) {
      const level = groups.splice(wholeLevels).sort((one, other) => (one.id < other.id ? -1 : 1));
      groups.push(...level);
      this.#state.wholeLevels = groups.length;
    }
    return groups[readGroups];
  }

  #take(member: Member, foundIn: string): void {
    const { byType, groups, unexpanded } = this.#state;
    byType[member.type] = (byType[member.type] ?? 0) + 1;
    if (isOtherGroupType(member.type)) unexpanded.push({ ...nameObject(member), foundIn });
    if (!isDistributionGroupType(member.type)) return;
    const group = { ...nameObject(member), foundIn, contains: [] };
    groups.push(group);
    this.#groups.set(group.id, group);
  }

  #noteUnresolved(unresolved: Unresolved): void {
    const { first } = this.#state.unresolved;
    this.#state.unresolved.count += 1;
    if (first.length < namedUnresolved) first.push(unresolved);
  }

  #stop(reason: "deadline" | "queries"): void {
    this.#stoppedBy = reason;
  }
}

function isGone(error: unknown): error is ExchangeError {
  return error instanceof ExchangeError && error.code === "OBJECT_NOT_FOUND";
}
