import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { afterEach, expect, test } from "vitest";
import { runCommand, startCommand, startLocal } from "#test/support/command";

const running: { stop(): Promise<unknown> }[] = [];

afterEach(async () => {
  for (const environment of running.splice(0)) await environment.stop();
});

test("npm start ingests a tenant and shows what lies where", { timeout: 60_000 }, async () => {
  const { exitCode, stdout } = await runCommand("start", "--users", "30", "--groups", "3", "--source", "users");

  expect(exitCode).toBe(0);
  expect(stdout.split("\n")[0]).toMatch(/^PowerShell \d+\.\d+\.\d+.*ExchangeOnlineManagement \d/);
  expect(stdout).toContain("Published 30 users in 1 page");
  expect(stdout).toContain("Published 3 groups in 1 page");
  expect(stdout.match(/record \{"id":/g)).toHaveLength(2);
});

test("npm run inspect shows what is published and how the runs ended", { timeout: 60_000 }, async () => {
  running.push(await startLocal("--users", "40", "--groups", "6"));
  await runCommand("invoke", "ingest-groups");
  await runCommand("invoke", "ingest-groups");

  const groups = await runCommand("inspect", "groups");
  const users = await runCommand("inspect", "users");

  expect([groups.exitCode, users.exitCode]).toEqual([0, 0]);
  expect(groups.stdout).toMatch(/^6 groups in the local environment that runs, published \d min ago$/m);
  expect(groups.stdout).toMatch(/0 added, 0 changed, 0 removed since \d+T/);
  expect(groups.stdout).toMatch(/^MailUniversalDistributionGroup +\d+$/m);
  expect(groups.stdout).toMatch(/^all +6 {2}whole$/m);
  expect(groups.stdout.match(/^\S+ {2}published +6 {2}[\d.]+ s$/gm)).toHaveLength(2);
  expect(users.stdout).toContain("No users are published");
});

test.each(["SIGINT", "SIGTERM"] as const)("npm run local says where it is and ends cleanly on %s", async (signal) => {
  const local = await startLocal("--users", "5");
  const { secretFile, proxy } = local.address.exchange;

  const mode = statSync(secretFile).mode & 0o777;
  const exitCode = await local.stop(signal);

  expect(local.address).toMatchObject({
    exchange: { proxy: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/), caFile: expect.any(String) },
    aws: { s3: expect.stringMatching(/^http:/), secretsManager: expect.stringMatching(/^http:/) },
    bucket: expect.any(String),
    secretId: expect.any(String),
  });
  expect([mode, exitCode]).toEqual([0o600, 0]);
  expect(existsSync(secretFile)).toBe(false);
  await expect(fetch(proxy)).rejects.toThrow();
});

test("npm run invoke works against the environment that runs", { timeout: 60_000 }, async () => {
  running.push(await startLocal("--users", "40"));

  const first = await runCommand("invoke", "ingest-users", '{"scheduledTime":"2026-01-31T08:00:00Z"}', "--json");
  const second = await runCommand("invoke", "ingest-users", '{"scheduledTime":"2026-01-31T08:00:00Z"}', "--json");
  const forPeople = await runCommand("invoke", "ingest-users", '{"dryRun":true}');

  expect(JSON.parse(first.stdout)).toMatchObject({ status: "published", kind: "users", rows: 40, pages: 1 });
  expect(first.stderr).toContain('"message":"started"');
  expect([second.exitCode, JSON.parse(second.stdout).status]).toEqual([0, "skipped"]);
  expect(forPeople.stdout).toMatch(/status\s+dryRun/);
});

test("npm run invoke tells how a function failed", { timeout: 60_000 }, async () => {
  running.push(await startLocal("--users", "5", "--fault", "no-directory-role"));

  const raw = await runCommand("invoke", "ingest-users", "--json");
  const forPeople = await runCommand("invoke", "ingest-users");

  expect(raw.exitCode).toBe(1);
  expect(JSON.parse(raw.stdout)).toEqual({
    code: "DIRECTORY_ROLE_MISSING",
    message: expect.any(String),
    retryable: false,
  });
  expect([forPeople.exitCode, forPeople.stdout]).toEqual([
    1,
    expect.stringContaining("failed: DIRECTORY_ROLE_MISSING"),
  ]);
});

test.each(['{"dryrun":1}', "not JSON"])(
  "npm run invoke answers 1 to the invalid event %s",
  { timeout: 60_000 },
  async (event) => {
    running.push(await startLocal("--users", "1"));

    const { exitCode, stdout } = await runCommand("invoke", "ingest-users", event, "--json");

    expect([exitCode, JSON.parse(stdout).code]).toEqual([1, "EVENT_INVALID"]);
  },
);

test.each([
  ["invoke", "no-such-function"],
  ["invoke", "../local/cli"],
  ["invoke", "ingest-users", "--secret", "/no/such/file"],
  ["start", "--users", "many"],
  ["local", "--fault", "no-such-fault"],
])("answers 2 to what cannot be run: %s %s", { timeout: 60_000 }, async (...words) => {
  const { exitCode, stdout, stderr } = await runCommand(...words);

  expect([exitCode, stdout]).toEqual([2, ""]);
  expect(stderr).not.toBe("");
});

test("two invocations at once publish once", { timeout: 60_000 }, async () => {
  running.push(await startLocal("--users", "3000"));

  const answers = await Promise.all([1, 2].map(() => runCommand("invoke", "ingest-users", "--json")));

  const statuses = answers.map(({ stdout }) => JSON.parse(stdout).status).sort();
  expect(statuses).toEqual(["published", "skipped"]);
});

test("an interrupted run leaves nothing published and no process behind", { timeout: 60_000 }, async () => {
  const local = await startLocal("--users", "10", "--fault", "hang,path=/Recipient");
  running.push(local);
  const invocation = startCommand("invoke", "ingest-users", "--json");
  await new Promise((resolve) => setTimeout(resolve, 4_000));

  invocation.kill("SIGTERM");
  const ended = new Promise((resolve) => invocation.once("close", resolve));

  expect(await ended).not.toBe(0);
  expect(processesWith(local.address.exchange.proxy)).toEqual([]);
});

/** Processes that were told to use this proxy, as every PowerShell of an environment is. */
function processesWith(proxy: string): string[] {
  return readdirSync("/proc").filter((name) => {
    try {
      return /^\d+$/.test(name) && readFileSync(`/proc/${name}/environ`, "utf8").includes(proxy);
    } catch {
      return false; // it has ended meanwhile
    }
  });
}
