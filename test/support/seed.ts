import process from "node:process";

/** What everything random in a test begins from: always the same, unless the environment says otherwise. */
export const fixedSeed = Number(process.env.SEED ?? 1);

/** The same, printed. */
export function seed(): number {
  console.info(`seed ${fixedSeed}`);
  return fixedSeed;
}
