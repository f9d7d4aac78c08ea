import { existsSync, readdirSync, readFileSync } from "node:fs";
import process from "node:process";
import { expect } from "vitest";

/** The processes that a process has started and that still run. Linux alone tells. */
export function childrenOf(pid: number): number[] {
  const tasks = `/proc/${pid}/task`;
  if (!existsSync(tasks)) return [];
  const lists = readdirSync(tasks).map((task) => readFileSync(`${tasks}/${task}/children`, "utf8"));
  return lists.flatMap((list) => list.split(" ").filter(Boolean).map(Number));
}

/** The one process that this one has started, which is PowerShell. */
export function onlyChild(): number {
  const children = childrenOf(process.pid);
  expect(children).toHaveLength(1);
  return Number(children[0]);
}
