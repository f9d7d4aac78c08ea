import { type Collection, collectMembers, type Scope } from "#directory/collect-members";
import { describeFound, describeGaps } from "#directory/sentences";
import { requireDistributionGroup, identifyGroup } from "#directory/resolve-group";
import { nameObject, type Reference, referTo } from "#directory/reference";
import type { ExchangeReader } from "#exchange/client";
import type { Refusal } from "#lookups/answer";
import type { MemberList } from "#lookups/list-group-members-answer";
import type { Attempt } from "#lookups/look-up";
import { openMembersOnce } from "#lookups/open-members";
import { refuseGroup } from "#lookups/refuse";

type Question = { group: string; scope?: Scope; limit?: number };

/** Who is in a group, as far as there was time to read it. */
export async function listMembers(
  reader: ExchangeReader,
  { group: identity, scope = "direct", limit }: Question,
  { deadline, asOf }: Attempt,
): Promise<MemberList | Refusal> {
  const resolution = await identifyGroup(reader, identity, { deadline });
  const group = requireDistributionGroup(identity, resolution, "Its members cannot be listed here.");
  if ("refusal" in group) return refuseGroup(group.refusal, asOf);

  const root = referTo(group.found);
  const collection = await collectMembers(openMembersOnce(reader, { deadline }), root, { scope, limit, deadline });
  const { members, cycles, unexpanded, unresolved, reason } = collection;
  return {
    status: "found",
    userMessage: describeList(root, collection),
    group: root,
    scope,
    count: members.length,
    complete: reason === null,
    reason,
    members: members.map((found) => nameMember(found, scope)),
    cycles: cycles.map((ring) => ring.map(nameObject).map(({ type: _, ...named }) => named)),
    unexpanded: unexpanded.map(({ foundIn, ...each }) => ({ ...nameObject(each), foundIn: foundIn ?? root.id })),
    unresolved,
    source: "live",
    asOf,
  };
}

function nameMember({ member, path }: Collection["members"][number], scope: Scope): MemberList["members"][number] {
  const named = nameObject(member);
  if (scope === "direct") return named;
  return { ...named, path: path.map(nameObject).map(({ id, name }) => ({ id, name })) };
}

function describeList({ name }: Reference, { members, reason, unexpanded, unresolved }: Collection): string {
  if (reason === "limit") return `${name} has more members than the ${members.length} listed here.`;
  const gaps = describeGaps({ reason, unexpanded: unexpanded.length, unresolved: unresolved.count });
  const byType: Record<string, number> = {};
  for (const { member } of members) byType[member.type] = (byType[member.type] ?? 0) + 1;
  return [describeFound(name, byType, reason === null), ...gaps].join(" ");
}
