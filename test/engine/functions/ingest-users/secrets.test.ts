import { spawn } from "node:child_process";
import { join } from "node:path";
import process from "node:process";
import { afterEach, expect, test } from "vitest";
import { generateTenant } from "#local/exchange/tenant/generate";
import { type Gateway, startGateway } from "#test/support/gateway";
import { root } from "#test/support/repository";
import { lookIsOver, needlesOf, searchWhileRunning } from "#test/support/secret-search";

const program = join(root, "test", "support", "programs", "ingest-users.ts");

let gateway: Gateway;

afterEach(() => gateway.stop());

test("a run shows no password, key or token to the process list, an environment, a log or the disk", async () => {
  const tenant = generateTenant({ users: 1_500, groups: 3, seed: 1 });
  gateway = await startGateway({ tenant, beforeAnswer: lookIsOver });
  const { POWERTOOLS_LOG_LEVEL: _, ...environment } = process.env;

  const run = spawn(process.execPath, [program], { env: environment, stdio: ["ignore", "pipe", "pipe"] });
  const { found, looks, sawPowerShell, output } = await searchWhileRunning(run, {
    needles: needlesOf(gateway.exchange.secret),
    proxy: gateway.exchange.proxy,
    folders: [gateway.folder, gateway.bucketFolder],
  });

  expect(gateway.readLatest()?.published).toMatchObject({ rows: 1_500 });
  expect(output).toContain('"message":"Invocation started"');
  expect([looks > 5, sawPowerShell]).toEqual([true, true]);
  expect(found).toEqual([]);
});
