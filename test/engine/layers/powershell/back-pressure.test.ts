import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, expect, test } from "vitest";
import { call, openSession } from "#test/engine/layers/powershell/scripted";

const megabyte = 1024 * 1024;
/** More rows than fit into the pipes and the buffers at both ends, and far fewer than are written in the pause. */
const inThePipes = 5_000;
const folder = mkdtempSync(join(tmpdir(), "back-pressure-test-"));

afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("lets PowerShell wait while no row is asked for", async () => {
  const stage = join(folder, "stage");
  writeFileSync(stage, "before");
  const session = openSession();
  const rows = session.invoke(call("Get-Endless", { Path: stage }));
  await rows.next();

  await delay(700);
  writeFileSync(stage, "after");
  let before = 0;
  while ((await rows.next()).value?.Stage !== "after") before += 1;

  expect(before).toBeLessThan(inThePipes);
});

test("holds no more of an endless answer than what lies in the pipes", async () => {
  const session = openSession();
  const rows = session.invoke(call("Get-Endless"));
  for (let count = 0; count < 20_000; count += 1) await rows.next();
  const before = process.memoryUsage().arrayBuffers;

  await delay(500);

  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(megabyte);
});
