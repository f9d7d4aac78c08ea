import { availableParallelism } from "node:os";
import { type Difference, findDifferences } from "#local/compare/differences";
import { observe, type Scenario, type SideOptions } from "#local/compare/stage";

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
