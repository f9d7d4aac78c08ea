import process from "node:process";

/** How often a property is tried: a few times in the tiers that everybody runs, as often as it takes in soak. */
export function runs(few: number, many: number): number {
  return process.env.TEST_RUNS === "many" ? many : few;
}
