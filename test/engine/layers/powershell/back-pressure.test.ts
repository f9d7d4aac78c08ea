import process from "node:process";
import { setTimeout as delay } from "node:timers/promises";
import { expect, test } from "vitest";
import { call, openSession } from "#test/engine/layers/powershell/scripted";

const megabyte = 1024 * 1024;

test("lets PowerShell wait while no row is asked for", async () => {
  const session = openSession();
  const rows = session.invoke(call("Get-Endless"));
  await rows.next();

  await delay(700);
  const writtenAt: number[] = [];
  for (let count = 0; count < 5_000; count += 1) writtenAt.push(Number((await rows.next()).value?.At));

  // What lay in the pipes when it stopped is older than the pause; what it could only write later is not.
  const pauses = writtenAt.map((at, index) => at - (writtenAt[index - 1] ?? at)).filter((gap) => gap >= 500);
  expect(pauses).not.toEqual([]);
});

test("holds no more of an endless answer than what lies in the pipes", async () => {
  const session = openSession();
  const rows = session.invoke(call("Get-Endless"));
  for (let count = 0; count < 20_000; count += 1) await rows.next();
  const before = process.memoryUsage().arrayBuffers;

  await delay(500);

  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(megabyte);
});
