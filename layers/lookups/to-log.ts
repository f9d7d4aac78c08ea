import type { GroupOwners } from "#lookups/find-group-owners";
import type { ListGroupMembersAnswer } from "#lookups/list-group-members";
import type { Refusal } from "#lookups/look-up";

/** What of an answer the log may hold: ids and counts, nobody's name or address. */
export function toLog(answer: ListGroupMembersAnswer | GroupOwners | Refusal): object {
  const { status, asOf, group } = answer;
  const common = { status, asOf, groupId: group?.id };
  if ("isMember" in answer) return { ...common, memberId: answer.member.id, how: answer.how };
  if ("owners" in answer) return { ...common, owners: answer.owners.length, unusable: answer.unusable.length };
  if ("count" in answer) return { ...common, scope: answer.scope, count: answer.count, reason: answer.reason };
  return { ...common, about: answer.about, candidates: answer.candidates.length };
}
