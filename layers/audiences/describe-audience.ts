import type { Audience } from "#audiences/audience";
import type { WrittenManifest } from "#audiences/manifest";
import { cyclesOf, type IncompleteReason, incompleteReasonOf, memberCountOf } from "#directory/expansion-findings";
import type { ExpansionState } from "#directory/expansion-state";
import { isDistributionGroupType } from "#directory/group-types";
import { users } from "#directory/user-sources/users";
import type { AudienceReport } from "#operations/audience-report";
import { describeEnding } from "#operations/ending";
import type { GroupReport } from "#operations/group-report";
import type { Ending } from "#operations/result";
import type { ExchangeError } from "#runtime/exchange-error";

/** So many of a kind are named in a result, and so many groups of a ring; a message has to hold them. */
const named = 10;

type Standing = {
  /** Where the pages are named; null where none are. */
  manifest: WrittenManifest | null;
  /** Why not everybody is known, where that does not show in what was read. */
  reason?: IncompleteReason | null;
};

/** The ending of an audience that is read, as far as it could be. */
export function describeAudience(audience: Audience, standing: Standing): Ending {
  const report = reportAudience(audience, standing);
  return describeEnding({
    outcome: report.complete ? "succeeded" : "partial",
    userMessage: [describeMembers(nameOf(audience), report), ...describeGaps(report)].join(" "),
    group: groupOf(audience),
    audience: report,
  });
}

/** How far an audience is that is being read. */
export function describeProgress(audience: Audience): Ending {
  const report = reportAudience(audience, { manifest: null });
  const unread = audience.expansion.groups.length - audience.expansion.readGroups;
  const more = unread > 0 ? `, ${counted(unread, "more list", "more lists")} to read` : "";
  return describeEnding({
    outcome: "pending",
    userMessage: `${nameOf(audience)}: ${counted(report.members, "member", "members")} so far${more}.`,
    group: groupOf(audience),
    audience: report,
  });
}

/** The ending of an audience that is not gone on with because of this error. */
export function describeFailure(audience: Audience | null, { code, message, userMessage }: ExchangeError): Ending {
  const known = audience && { group: groupOf(audience), audience: reportAudience(audience, { manifest: null }) };
  return describeEnding({ outcome: "failed", error: { code, message }, userMessage, ...known });
}

function reportAudience(audience: Audience, { manifest, reason }: Standing): AudienceReport {
  const { expansion, readStartedAt, readEndedAt, pages } = audience;
  const why = reason ?? incompleteReasonOf(expansion);
  const cycles = cyclesOf(expansion);
  return {
    members: memberCountOf(expansion),
    byType: expansion.byType,
    groups: expansion.readGroups,
    cycles: { count: cycles.length, first: cycles.slice(0, named).map((ring) => ring.slice(0, named)) },
    unexpanded: { count: expansion.unexpanded.length, first: firstUnexpanded(expansion) },
    unresolved: { ...expansion.unresolved, first: expansion.unresolved.first.slice(0, named) },
    complete: why === null,
    reason: why,
    readStartedAt,
    readEndedAt,
    manifestKey: manifest?.key ?? null,
    manifestSha256: manifest?.sha256 ?? null,
    pages: pages.length,
  };
}

function firstUnexpanded({ unexpanded }: ExpansionState) {
  return unexpanded.slice(0, named).map(({ foundIn: _, ...group }) => group);
}

function groupOf({ expansion }: Audience): GroupReport | null {
  const [root] = expansion.groups;
  return root ? { id: root.id, name: root.name, address: root.address } : null;
}

function nameOf(audience: Audience): string {
  return groupOf(audience)?.name ?? "The list";
}

function describeMembers(name: string, { byType, members, complete }: AudienceReport): string {
  if (members === 0) return complete ? `Nobody is in ${name}.` : `Nobody was found in ${name}.`;
  const count = (isWanted: (type: string) => boolean) =>
    Object.entries(byType).reduce((sum, [type, those]) => sum + (isWanted(type) ? those : 0), 0);
  const people = count((type) => users.types.people.some((each) => each === type));
  const lists = count(isDistributionGroupType);
  const others = members - people - lists;
  const parts = [
    counted(people, "person", "people"),
    ...(lists > 0 ? [counted(lists, "list", "lists")] : []),
    ...(others > 0 ? [counted(others, "other", "others")] : []),
  ];
  return `${name} has ${new Intl.ListFormat("en-GB").format(parts)}.`;
}

/** Why that is not everybody. */
function describeGaps({ reason, unexpanded, unresolved }: AudienceReport): string[] {
  const isUnread = reason !== null && ["deadline", "queries", "unread"].includes(reason);
  return [
    ...(isUnread ? ["There was no time to read every list in it."] : []),
    ...(unexpanded.count > 0
      ? [`Teams or dynamic lists in it cannot be listed, and who is in them is missing: ${format(unexpanded.count)}.`]
      : []),
    ...(unresolved.count > 0 ? [`Members or lists that could not be read: ${format(unresolved.count)}.`] : []),
  ];
}

function counted(count: number, one: string, several: string): string {
  return `${format(count)} ${count === 1 ? one : several}`;
}

function format(count: number): string {
  return count.toLocaleString("en-US");
}
