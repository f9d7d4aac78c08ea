import { readFileSync } from "node:fs";
import process from "node:process";
import { afterAll, expect } from "vitest";
import { eventually } from "#test/support/eventually";
import { childrenOf } from "#test/support/only-child";

/** The files of a tier follow each other in one process: each ends what it has started. */
afterAll(async () => {
  await eventually(() => expect(childrenOf(process.pid).map(describe)).toEqual([]));
});

function describe(pid: number): string {
  return `${pid} ${readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ").slice(0, 200)}`;
}
