import {
  beginExpansion,
  Expansion,
  type ExpansionState,
  type FoundMember,
  type IncompleteReason,
} from "#directory/expansion";
import type { ListBounds, MemberSource } from "#directory/members";
import type { Reference } from "#directory/reference";
import type { Deadline } from "#runtime/deadline";
import { ExchangeError } from "#runtime/errors";

/** Only who is in the group itself, or also who is in groups in it. */
export type Scope = "direct" | "all";

/** Opens a source of members that gives so many of a group at most. */
export type OpenMembers = (bounds: ListBounds) => MemberSource;

export type CollectOptions = {
  scope: Scope;
  /** How many members at most. */
  limit?: number | undefined;
  deadline: Deadline;
};

export type Collection = {
  members: FoundMember[];
  cycles: Reference[][];
  unexpanded: ExpansionState["unexpanded"];
  unresolved: ExpansionState["unresolved"];
  /** The first reason why these are not all members of that scope; null where they are. */
  reason: CollectionReason | null;
};

export type CollectionReason = IncompleteReason | "limit";

/**
 * The members of a distribution group, each once, all held in memory. With a limit no more is read than tells that there are
 * more. When the time is over those that were found are answered; `DEADLINE_TOO_CLOSE` is thrown where none were.
 */
export async function collectMembers(
  openMembers: OpenMembers,
  group: Reference,
  { scope, limit = Number.POSITIVE_INFINITY, deadline }: CollectOptions,
): Promise<Collection> {
  const expansion = new Expansion(beginExpansion(group));
  const members: FoundMember[] = [];
  let isCut = false;
  const noteCut = () => {
    isCut = true;
  };
  // Of a group's members so many can be known already, and the group itself: one more tells.
  const source = openMembers(Number.isFinite(limit) ? { maxRows: limit + 2, onCut: noteCut } : {});
  do {
    for await (const found of expansion.readAll(source, { deadline, maxQueries: 1 })) members.push(found);
  } while (scope === "all" && expansion.incompleteReason === "queries" && members.length <= limit);

  const { unexpanded, unresolved, readGroups } = expansion.state;
  if (members.length === 0 && readGroups === 0) {
    throw new ExchangeError("DEADLINE_TOO_CLOSE", `Nobody in the group ${group.id} was read in the time there was.`);
  }
  return {
    members: members.slice(0, limit),
    cycles: expansion.cycles,
    unexpanded: scope === "all" ? unexpanded : [],
    unresolved,
    reason: isCut || members.length > limit ? "limit" : reasonOf(expansion, scope),
  };
}

function reasonOf(expansion: Expansion, scope: Scope): CollectionReason | null {
  if (scope === "all") return expansion.incompleteReason;
  const { readGroups, unresolved } = expansion.state;
  if (readGroups === 0) return "deadline";
  return unresolved.count > 0 ? "unresolved" : null;
}
