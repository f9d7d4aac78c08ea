import type { Comparison } from "#local/compare/compare";
import type { Difference } from "#local/compare/differences";
import { formatTable } from "#local/print/table";
import { counted } from "#runtime/text";

/** Where two snapshots differ in everything, the first differences say what there is to know. */
const mostOfScenario = 10;

/** What of a comparison counts: not how the module words its errors. */
export function countedDifferences(comparison: Comparison): readonly Difference[] {
  return "differences" in comparison ? comparison.differences.filter(({ isWording }) => !isWording) : [];
}

/** One line for people about a scenario that has been played. */
export function describeComparison(comparison: Comparison): string {
  const { scenario, seconds } = comparison;
  const found = countedDifferences(comparison).length;
  const outcome =
    "failure" in comparison
      ? `could not be played: ${comparison.failure}`
      : found > 0
        ? counted(found, "difference", "differences")
        : "the same";
  return `${scenario.name}  ${outcome}  (${seconds} s)`;
}

/** The table of differences, with those of wording where they are asked for; and how many scenarios had any. */
export function describeDifferences(comparisons: readonly Comparison[], { wording }: { wording: boolean }): string {
  const rows = comparisons.flatMap((comparison) => rowsOf(comparison, false));
  const wordings = comparisons.flatMap((comparison) => rowsOf(comparison, true));
  const headings = ["scenario", "what", "stand-in", "module"];
  const different = comparisons.filter((comparison) => countedDifferences(comparison).length > 0).length;
  return [
    ...(rows.length > 0 ? [formatTable(headings, rows)] : []),
    ...(wording && wordings.length > 0
      ? [`Worded otherwise, which does not count:\n${formatTable(headings, wordings)}`]
      : []),
    `${counted(comparisons.length, "scenario", "scenarios")} compared, ${different} with differences; ` +
      `${counted(wordings.length, "text", "texts")} worded otherwise${wording ? "" : " (--wording shows them)"}.`,
  ].join("\n\n");
}

function rowsOf(comparison: Comparison, isWording: boolean): string[][] {
  const { name } = comparison.scenario;
  if ("failure" in comparison) return [];
  const wanted = comparison.differences.filter((difference) => difference.isWording === isWording);
  const rows = wanted.slice(0, mostOfScenario).map(({ what, standIn, module }) => [name, what, standIn, module]);
  const rest = wanted.length - rows.length;
  return rest > 0 ? [...rows, [name, `and ${rest} more`, "", ""]] : rows;
}
