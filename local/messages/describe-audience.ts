import { formatTable } from "#local/print/table";
import type { AudienceReport } from "#operations/result";
import { counted, formatCount, visibleLine } from "#runtime/text";

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
