import {
  cyclesOf,
  type ExpansionState,
  type IncompleteReason,
  incompleteReasonOf,
  memberCountOf,
} from "#directory/expansion";
import type { NamedObject } from "#directory/reference";
import { describeFound, describeGaps } from "#directory/sentences";
import type { Audience, WrittenManifest } from "#operations/expand-audience/audience";
import { type AudienceReport, outcomeOfError, type ResultBody, toResultBody } from "#operations/result";
import type { ExchangeError } from "#runtime/errors";
import { counted } from "#runtime/text";

/** So many of a kind are named in a result, and so many groups of a ring; a message has to hold them. */
const named = 10;

type ResultMeta = {
  /** Where the pages are named; null where none are. */
  manifest: WrittenManifest | null;
  /** Why not everybody is known, where that does not show in what was read. */
  reason?: IncompleteReason | null;
};

/** The result of an audience that is read, as far as it could be. */
export function describeAudience(audience: Audience, meta: ResultMeta): ResultBody {
  const report = reportAudience(audience, meta);
  const found = describeFound(nameOf(audience), report.byType, report.complete);
  return toResultBody({
    outcome: report.complete ? "succeeded" : "partial",
    userMessage: [found, ...describeGaps(gapsOf(report))].join(" "),
    group: groupOf(audience),
    audience: report,
  });
}

/** How far an audience is that is being read. */
export function describeProgress(audience: Audience): ResultBody {
  const report = reportAudience(audience, { manifest: null });
  const unread = audience.expansion.groups.length - audience.expansion.readGroups;
  const more = unread > 0 ? `, ${counted(unread, "more list", "more lists")} to read` : "";
  return toResultBody({
    outcome: "pending",
    userMessage: `${nameOf(audience)}: ${counted(report.members, "member", "members")} so far${more}.`,
    group: groupOf(audience),
    audience: report,
  });
}

/** The result of an audience that is not gone on with because of this error. */
export function describeFailure(audience: Audience | null, { code, message, userMessage }: ExchangeError): ResultBody {
  const known = audience && { group: groupOf(audience), audience: reportAudience(audience, { manifest: null }) };
  return toResultBody({ outcome: outcomeOfError(code), error: { code, message }, userMessage, ...known });
}

function reportAudience(audience: Audience, { manifest, reason }: ResultMeta): AudienceReport {
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

function groupOf({ expansion }: Audience): NamedObject | null {
  const [root] = expansion.groups;
  return root ? { id: root.id, name: root.name, address: root.address } : null;
}

function gapsOf({ reason, unexpanded, unresolved }: AudienceReport) {
  return { reason, unexpanded: unexpanded.count, unresolved: unresolved.count };
}

function nameOf(audience: Audience): string {
  return groupOf(audience)?.name ?? "The list";
}
