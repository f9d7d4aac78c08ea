import { findDistributionGroup } from "#directory/resolve-group";
import { findOwners } from "#directory/owners";
import { referTo } from "#directory/reference";
import type { ExchangeReader } from "#exchange/client";
import type { Refusal } from "#lookups/answer";
import { describeOwners, isUsable } from "#lookups/describe-owners";
import { explainUnusable } from "#lookups/explain-unusable";
import type { GroupOwners } from "#lookups/find-group-owners-answer";
import type { Attempt } from "#lookups/look-up";
import { openMembersOnce } from "#lookups/open-members";
import { refuseGroup } from "#lookups/refuse";

/** Who can be asked about a group, and whether anybody has to be. */
export async function findGroupOwners(
  reader: ExchangeReader,
  { group: identity }: { group: string },
  { deadline, asOf }: Attempt,
): Promise<GroupOwners | Refusal> {
  const found = await findDistributionGroup(reader, identity, { cannot: "Who owns it cannot be told here.", deadline });
  if ("refusal" in found) return refuseGroup(found.refusal, asOf);

  const openMembers = openMembersOnce(reader, { deadline });
  const { owners, groups, unusable } = await findOwners(reader, found.found, { openMembers, deadline });
  const { joinRestriction = null, departRestriction = null } = found.found;
  const answer = {
    group: referTo(found.found),
    joinRestriction,
    departRestriction,
    isApprovalNeeded: joinRestriction && joinRestriction !== "Open",
    owners: owners.map(({ person, ...owner }) => ({ kind: "person" as const, ...person, ...owner })),
    owningGroups: groups.map(({ group, reason }) => ({ ...group, complete: reason === null, reason })),
    unusable: unusable.map((owner) => ({ ...owner, explanation: explainUnusable(owner) })),
  };
  const hasUsableOwner = answer.owners.some(isUsable);
  return { status: "found", ...answer, hasUsableOwner, userMessage: describeOwners(answer), source: "live", asOf };
}
