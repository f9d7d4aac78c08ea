import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, existsSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { generateTenant } from "#local/exchange/tenant/generate";
import { deadlineIn } from "#runtime/deadline";
import { eventually } from "#test/support/eventually";
import { type Gateway, startGateway } from "#test/support/gateway";
import { holdTime } from "#test/support/held-time";
import { onlyChild } from "#test/support/only-child";
import { root } from "#test/support/repository";
import { ingestAll } from "#test/support/whole-directory";
import { expectWholeSnapshot } from "#test/support/whole-snapshot";

const users = 12;
const limitMs = 60_000;
const pageRows = 1_000;
const program = join(root, "test", "support", "programs", "ingest-users.ts");

let gateway: Gateway;

beforeAll(async () => {
  gateway = await startGateway({ tenant: generateTenant({ users, groups: 3, seed: 1 }) });
});

beforeEach(async () => {
  await gateway.closeSession();
  gateway.remove("snapshots/users/latest.json");
  process.env.POWERSHELL_PATH = process.env.TEST_POWERSHELL_PATH;
});

afterAll(() => gateway.stop());

test("publishes nothing when PowerShell is killed again and again, and everything the next time", async () => {
  const { path, repair } = breakPowerShell("exit 137");
  process.env.POWERSHELL_PATH = path;

  await expect(ingestUsers()).rejects.toMatchObject({ code: "POWERSHELL_START_FAILED", retryable: true });

  await expectNothingPublishedThenEverything(repair);
});

test("goes on with a fresh session when PowerShell was killed between two invocations", async () => {
  await ingestUsers();
  const pid = onlyChild();
  process.kill(pid, "SIGKILL");
  await eventually(() => !existsSync(`/proc/${pid}`));

  const answer = await ingestUsers();

  expect(answer).toMatchObject({ status: "published", rows: users });
});

test("gives up in time when Exchange does not answer, and works the next time", async () => {
  await ingestUsers();
  gateway.remove("snapshots/users/latest.json");
  const hang = gateway.exchange.faults.add({ name: "hang", path: "/Recipient" });

  const before = gateway.exchange.requests.length;
  const isReading = () => gateway.exchange.requests.slice(before).some(({ path }) => path.endsWith("/Recipient"));

  const passTime = holdTime();
  const refusal = expect(ingestUsers({ deadline: deadlineIn(limitMs) })).rejects.toMatchObject({
    code: "DEADLINE_TOO_CLOSE",
    message: expect.stringMatching(/ 0 rows were read in \d+ s; how long .* Nothing was published/),
  });
  await eventually(isReading);
  await passTime(limitMs, refusal);
  await refusal;
  vi.useRealTimers();

  await expectNothingPublishedThenEverything(() => gateway.exchange.faults.remove(hang));
});

test.each([
  { trouble: "printed rubbish", script: "echo 'Loading, please wait'; cat >/dev/null" },
  { trouble: "ended at start", script: "echo 'no ICU found' >&2; exit 134" },
])("publishes everybody where PowerShell $trouble once", async ({ script }) => {
  const { path, repair } = breakPowerShell(script, false);
  process.env.POWERSHELL_PATH = path;

  expect(await ingestUsers()).toMatchObject({ status: "published", rows: users });
  expectEverybodyOnce();
  expect(repair()).toBe(false);
});

test("leaves what was published, and a way on, when Node is killed while it reads", async () => {
  await ingestUsers();
  const published = gateway.readLatest()?.published;
  const before = gateway.exchange.requests.length;
  const hang = gateway.exchange.faults.add({ name: "hang", path: "/Recipient" });

  const child = spawn(process.execPath, [program], { env: process.env, stdio: "ignore" });
  const isReading = () => gateway.exchange.requests.slice(before).some(({ path }) => path.endsWith("/Recipient"));
  await eventually(isReading);
  child.kill("SIGKILL");
  await once(child, "close");

  expectWholeSnapshot(gateway);
  expect(gateway.readLatest()?.published).toEqual(published);
  gateway.exchange.faults.remove(hang);
  gateway.endLeases();
  expect(await ingestUsers()).toMatchObject({ status: "published", rows: users });
});

test("is not disturbed by rubbish on standard error", async () => {
  const { path } = breakPowerShell('printf \'{"type":"ready"}\\n\\033[31mwarning\\033[0m\\n\' >&2; exec "$real" "$@"');
  process.env.POWERSHELL_PATH = path;

  const answer = await ingestUsers();

  expect(answer).toMatchObject({ status: "published", rows: users });
});

test("says that PowerShell is missing, and works once it is there", async () => {
  const path = join(gateway.folder, "missing");
  process.env.POWERSHELL_PATH = path;

  const run = ingestUsers();

  await expect(run).rejects.toMatchObject({ code: "POWERSHELL_NOT_FOUND", message: expect.stringContaining(path) });
  await expectNothingPublishedThenEverything(() => symlinkSync(process.env.TEST_POWERSHELL_PATH ?? "", path));
});

function ingestUsers(knowingly: Parameters<typeof ingestAll>[2] = {}) {
  return ingestAll("users", pageRows, knowingly);
}

async function expectNothingPublishedThenEverything(repair: () => void): Promise<void> {
  expect(gateway.readLatest()?.published ?? null).toBeNull();
  repair();
  expect(await ingestUsers()).toMatchObject({ status: "published", rows: users });
  expectEverybodyOnce();
}

function expectEverybodyOnce(): void {
  const ids = gateway.readPublished().map((user) => user.id);
  expect([ids.length, new Set(ids).size]).toEqual([users, users]);
}

/** A program in PowerShell's place that runs `script` until it is repaired; with `isLasting` false, once. */
function breakPowerShell(script: string, isLasting = true) {
  const path = join(gateway.folder, "pwsh");
  const broken = join(gateway.folder, "broken");
  writeFileSync(broken, "");
  const real = process.env.TEST_POWERSHELL_PATH;
  writeFileSync(
    path,
    `#!/bin/sh\nreal='${real}'\nif [ -e '${broken}' ]; then\n${isLasting ? "" : `rm '${broken}'`}\n${script}\nelse exec "$real" "$@"\nfi\n`,
  );
  chmodSync(path, 0o755);
  return { path, repair: () => existsSync(broken) && rmSync(broken) };
}
