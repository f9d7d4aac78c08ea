import process from "node:process";
import { describeError } from "#local/answers";
import {
  type CompareOptions,
  type Comparison,
  compare,
  countedDifferences,
  describeComparison,
  describeDifferences,
} from "#local/compare/compare";
import { nameSelection, scenarios, selectScenarios } from "#local/compare/scenarios";
import type { Scenario } from "#local/compare/stage";
import { standInFolder } from "#local/powershell/exchange-module";
import { resolvePowerShell } from "#local/powershell/resolve";
import { print, printError } from "#local/print";
import { counted } from "#runtime/text";

type Options = { module?: string; powershell?: string; only?: string; list: boolean; wording: boolean };

/** Served cmdlets repeat what fails for a minute in real life; how often is what is to be compared. */
const exchange = { repeatBaseMs: 50 };

/** Measured on two cores with the genuine module. */
const secondsOfScenario = 8;

export const compareHelp = `
Each scenario is played twice, on the same generated tenant: with the repository's stand-in of the Exchange module and
with the module given. Compared are answers, results, error codes and whether to try again, what an employee is told,
the objects in the bucket and those in the tenant afterwards. Times, durations, versions, thumbprints and ids that are
drawn are not. How an error is worded for the people who run the gateway ("message", and "found" of a validation) is the
module's own: it is shown with --wording and does not count.

Exit code 0 where nothing differs, 1 where something does, 2 where it could not be compared.`;

/** Compares the stand-in with a module. Exit code 0, 1 where something differs, 2 where something was not compared. */
export async function compareCommand(options: Options): Promise<void> {
  try {
    const chosen = options.only === undefined ? scenarios : selectScenarios(options.only.split(","));
    if (options.list) print(chosen.map(({ name }) => name).join("\n"));
    else process.exitCode = await compareAll(chosen, options);
  } catch (error) {
    printError(`Could not be compared: ${describeError(error)}`);
    process.exitCode = 2;
  }
}

async function compareAll(chosen: readonly Scenario[], options: Options): Promise<0 | 1 | 2> {
  const { module, powershell, wording } = options;
  if (module === undefined) throw new Error("--module PATH says which module to compare the stand-in with.");
  const choose = (modulePath: string) =>
    resolvePowerShell({
      ...process.env,
      EXCHANGE_MODULE_PATH: modulePath,
      ...(powershell === undefined ? {} : { POWERSHELL_PATH: powershell }),
    });
  const sides = {
    standIn: { powershell: await choose(standInFolder), exchange },
    module: { powershell: await choose(module), exchange },
  };
  const minutes = Math.ceil((chosen.length * secondsOfScenario) / 60);
  printError(`${sides.standIn.powershell.describe}\n${sides.module.powershell.describe}`);
  printError(
    `${counted(chosen.length, "scenario", "scenarios")}, about ${counted(minutes, "minute", "minutes")} on two cores.`,
  );

  const comparisons = await compareUntilStopped(chosen, sides);
  const played = comparisons.filter((comparison) => "differences" in comparison);
  const left = chosen.filter((scenario) => !played.some((comparison) => comparison.scenario === scenario));
  print(describeDifferences(played, { wording }));
  if (left.length > 0) print(`\n${describeLeft(left, options)}`);
  if (left.length > 0) return 2;
  return played.some((comparison) => countedDifferences(comparison).length > 0) ? 1 : 0;
}

async function compareUntilStopped(chosen: readonly Scenario[], sides: Pick<CompareOptions, "standIn" | "module">) {
  const stopping = new AbortController();
  const stop = () => stopping.abort(new Error("It was broken off."));
  process.once("SIGINT", stop).once("SIGTERM", stop);
  const comparisons: Comparison[] = [];
  const onCompared = (comparison: Comparison) => {
    comparisons.push(comparison);
    printError(`${comparisons.length}/${chosen.length}  ${describeComparison(comparison)}`);
  };
  try {
    await compare(chosen, { ...sides, onCompared, signal: stopping.signal });
  } finally {
    process.off("SIGINT", stop).off("SIGTERM", stop);
  }
  return comparisons;
}

function describeLeft(left: readonly Scenario[], { module, powershell }: Options): string {
  const choice = [`--module ${module}`, ...(powershell === undefined ? [] : [`--powershell ${powershell}`])].join(" ");
  return `${counted(left.length, "scenario is", "scenarios are")} left. To go on with:\nnpm run compare -- ${choice} --only ${nameSelection(left).join(",")}`;
}
