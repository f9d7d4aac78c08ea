import { readFileSync } from "node:fs";
import process from "node:process";
import { expect } from "vitest";

/** PowerShell's process: everything else of the gateway runs inside this one. */
export function onlyChild(): number {
  const children = readFileSync(`/proc/${process.pid}/task/${process.pid}/children`, "utf8").split(" ").filter(Boolean);
  expect(children).toHaveLength(1);
  return Number(children[0]);
}
