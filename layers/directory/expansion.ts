import { cyclesOf, type IncompleteReason, incompleteReasonOf, toReference } from "#directory/expansion-findings";
import {
  type ExpansionState,
  type GroupReference,
  toGroupReference,
  type Unresolved,
} from "#directory/expansion-state";
import { isDistributionGroupType, isOtherGroupType } from "#directory/group-types";
import type { Member } from "#directory/member";
import type { MemberSource } from "#directory/member-source";
import { type Deadline, remainingMs } from "#runtime/deadline";
import { ExchangeError } from "#runtime/errors";

/** A member, and the groups between the expanded group and it: one of the shortest ways, none for a direct member. */
export type FoundMember = { member: Member; path: readonly GroupReference[] };

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
  get cycles(): GroupReference[][] {
    return cyclesOf(this.#state);
  }

  /** The groups between the expanded group and the members of this one, itself included. */
  pathThrough(groupId: string): GroupReference[] {
    const path: GroupReference[] = [];
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
    if (isOtherGroupType(member.type)) unexpanded.push({ ...toGroupReference(member), foundIn });
    if (!isDistributionGroupType(member.type)) return;
    const group = { ...toGroupReference(member), foundIn, contains: [] };
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
