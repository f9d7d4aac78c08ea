import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import process from "node:process";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { generateTenant } from "#local/exchange/tenant/generate";
import { type Gateway, startGateway } from "#test/support/gateway";
import { killPowerShell } from "#test/support/kill";
import { root } from "#test/support/repository";
import { seed } from "#test/support/seed";
import { expectWholeSnapshot } from "#test/support/whole-snapshot";

const killsOfEach = 10;
const users = 1_001;
const program = join(root, "test", "support", "programs", "ingest-users.ts");

const first = seed();
/** Parts of a run's usual time, from 0 to 1. */
const moments = Array.from({ length: killsOfEach }, (_, number) => ((first + number * 7_919) % 1_000) / 1_000);

let gateway: Gateway;

beforeAll(async () => {
  gateway = await startGateway({ tenant: generateTenant({ users, groups: 3, seed: 1 }) });
});

afterAll(() => gateway.stop());

test("leaves a whole snapshot and a way on whenever PowerShell is killed", { timeout: 600_000 }, async () => {
  const usualMs = await time(() => gateway.ingestUsers());

  for (const moment of moments) {
    const run = gateway.ingestUsers().catch(() => {});
    await delay(moment * usualMs);
    killPowerShell();
    await run;
    expectWholeSnapshot(gateway);
  }

  expect(await gateway.ingestUsers()).toMatchObject({ status: "published", rows: users });
});

test("leaves a whole snapshot and a way on whenever Node is killed", { timeout: 600_000 }, async () => {
  const usualMs = await time(async () => expect(await runProgram()).toBe(0));

  for (const moment of moments) {
    await runProgram(moment * usualMs);
    expectWholeSnapshot(gateway);
    gateway.endLeases();
  }

  expect(await gateway.ingestUsers()).toMatchObject({ status: "published", rows: users });
});

/** Ingests in a process of its own, which is killed after a while where one is given; answers its exit code. */
async function runProgram(killAfterMs?: number): Promise<number | null> {
  const child = spawn(process.execPath, [program], { env: process.env, stdio: "ignore" });
  const ended = once(child, "close");
  if (killAfterMs !== undefined) {
    await Promise.race([delay(killAfterMs), ended]);
    child.kill("SIGKILL");
  }
  await ended;
  return child.exitCode;
}

async function time(run: () => Promise<unknown>): Promise<number> {
  const startedAt = Date.now();
  await run();
  return Date.now() - startedAt;
}
