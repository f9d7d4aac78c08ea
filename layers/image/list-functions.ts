import { globSync } from "node:fs";
import { dirname, join } from "node:path";

const folder = join(import.meta.dirname, "..", "..", "functions");

/** The names of all functions: those of the folders in functions/ that have a handler. */
export function listFunctions(): string[] {
  return globSync("*/handler.ts", { cwd: folder }).map(dirname).sort();
}
