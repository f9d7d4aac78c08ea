import process from "node:process";

/** What random tests start from: the same each time unless SEED says otherwise. */
export function seed(): number {
  const value = Number(process.env.SEED ?? 1);
  console.info(`seed ${value}`);
  return value;
}
