import { availableParallelism } from "node:os";
import { type Difference, findDifferences } from "#local/compare/differences";
import { observe, type Scenario, type SideOptions } from "#local/compare/stage";
import { formatTable } from "#local/print";
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

/** What came of a scenario; `failure` where it could not be played. */
export type Comparison = { scenario: Scenario; seconds: number } & (
  | { differences: readonly Difference[] }
  | { failure: string }
);

export type CompareOptions = {
  standIn: SideOptions;
  module: SideOptions;
  onCompared: (comparison: Comparison) => void;
  /** Begins no further scenario, and ends those under way. */
  signal: AbortSignal;
};

/** Most of a scenario is waiting, and both sides of it run at once. */
const scenariosAtOnce = Math.max(2, Math.floor(availableParallelism() / 2));

/** Plays each scenario with both modules and tells of each as it is compared, those that were broken off left out. */
export async function compare(scenarios: readonly Scenario[], options: CompareOptions): Promise<void> {
  const waiting = [...scenarios];
  const lanes = Array.from({ length: scenariosAtOnce }, async () => {
    for (let next = waiting.shift(); next && !options.signal.aborted; next = waiting.shift()) {
      const comparison = await compareOne(next, options);
      if (!options.signal.aborted) options.onCompared(comparison);
    }
  });
  await Promise.all(lanes);
}

async function compareOne(scenario: Scenario, { standIn, module, signal }: CompareOptions): Promise<Comparison> {
  const beganAt = Date.now();
  const seconds = () => Math.round((Date.now() - beganAt) / 1000);
  const sides = await Promise.allSettled([standIn, module].map((side) => observe(scenario, side, signal)));
  const [one, other] = sides;
  if (one?.status === "fulfilled" && other?.status === "fulfilled") {
    return { scenario, seconds: seconds(), differences: findDifferences(one.value, other.value) };
  }
  const failed = sides.find((side) => side.status === "rejected");
  const failure = failed?.reason instanceof Error ? failed.reason.message : String(failed?.reason);
  return { scenario, seconds: seconds(), failure };
}
