import type { NamedObject } from "#directory/reference";
import { formatTable } from "#local/print";
import type { AudienceReport, MemberReport, ReportedError, Result } from "#operations/result";
import { counted, formatCount, visibleLine } from "#runtime/text";

/** A result as people read it: what came of it, why, and what became of each member or who was found. */
export function describeResult(result: Result): string {
  const { action, outcome, operationId, group, userMessage, error, cut } = result;
  const lines = [
    `${action}: ${outcome}`,
    `  ${visibleLine(userMessage)}`,
    ...(error ? [`  error      ${describeError(error)}`] : []),
    ...(group ? [`  group      ${describeGroup(group)}`] : []),
    `  operation  ${visibleLine(String(operationId))}`,
    ...(cut ? [`  cut        the whole is ${cut.wholeKey ?? "stored nowhere"}`] : []),
  ];
  const parts = [
    ...("members" in result && result.members.length > 0 ? [describeMembers(result.members)] : []),
    ...("audience" in result && result.audience ? [describeAudience(result.audience)] : []),
  ];
  return [lines.join("\n"), ...parts].join("\n\n");
}

function describeError({ code, message }: ReportedError): string {
  return `${code}: ${message.replaceAll("\n", "\n             ")}`;
}

function describeGroup({ name, address, id }: NamedObject): string {
  return visibleLine([name, address, id].filter((part) => part !== null).join(", "));
}

function describeMembers(members: readonly MemberReport[]): string {
  const rows = members.map(({ member, outcome, error, candidates }) => {
    const mayBe = candidates.map(({ name, address }) => address ?? name).join(", ");
    return [member, outcome, error?.code ?? mayBe];
  });
  return formatTable(["member", "outcome", ""], rows);
}

type NamedGroup = AudienceReport["unexpanded"]["first"][number];

/** An audience as people read it: how many there are of each type, where they are written, and what is not in it. */
export function describeAudience(audience: AudienceReport): string {
  const { members, byType, groups, complete, reason, manifestKey, pages } = audience;
  const { cycles, unexpanded, unresolved } = audience;
  const lines = [
    `  members    ${formatCount(members)} in ${counted(groups, "list", "lists")}`,
    `  whole      ${complete ? "yes" : `no: ${reason}`}`,
    ...(manifestKey === null ? [] : [`  manifest   ${manifestKey}`, `  pages      ${formatCount(pages)}`]),
    ...describeSome("cycle", cycles, (ring) => [...ring, ...ring.slice(0, 1)].map(nameOf).join(" > ")),
    ...describeSome("unlisted", unexpanded, (group) => `${nameOf(group)} (${group.type})`),
    ...describeSome(
      "unread",
      unresolved,
      ({ id, foundIn, reason }) => `${id ?? "without id"}, in ${foundIn}: ${reason}`,
    ),
  ];
  const types = Object.entries(byType).sort(([, one], [, other]) => other - one);
  return [lines.join("\n"), ...(types.length > 0 ? [formatTable(["type", "members"], types)] : [])].join("\n\n");
}

function describeSome<Item>(
  label: string,
  { count, first }: { count: number; first: readonly Item[] },
  describe: (item: Item) => string,
): string[] {
  const rest = count - first.length;
  const texts = [...first.map(describe), ...(rest > 0 ? [`and ${formatCount(rest)} more`] : [])];
  return texts.map((text) => `  ${label.padEnd(9)}  ${text}`);
}

function nameOf({ name, address, id }: NamedGroup): string {
  return visibleLine(name ?? address ?? id);
}
