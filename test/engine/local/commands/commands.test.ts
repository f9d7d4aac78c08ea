import { chmodSync, existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { environmentsFolder } from "#local/environment/environment";
import { latestKey } from "#snapshots/layout";
import { runCli, runCommand, startCommand, startLocal } from "#test/support/command";
import { eventually } from "#test/support/eventually";
import { root } from "#test/support/repository";

const standIn = join(root, "local/powershell/ExchangeOnlineManagement/ExchangeOnlineManagement.psd1");

/** Where the environment that runs is named, with its key. */
const announcement = join(environmentsFolder, "running.json");

type Local = Awaited<ReturnType<typeof startLocal>>;

let local: Local;

beforeAll(async () => {
  local = await startLocal("--users", "40", "--groups", "6");
});

afterEach(() => vi.unstubAllEnvs());
afterAll(() => local.stop());

test("npm start ingests a tenant and shows what lies where", async () => {
  const { exitCode, stdout } = await runCommand("start", "--users", "30", "--groups", "3", "--source", "users");

  expect(exitCode).toBe(0);
  expect(stdout.split("\n")[0]).toMatch(
    /^PowerShell \d+\.\d+\.\d+ \(.+\), ExchangeOnlineManagement \d+\.\d+\.\S+ \(.+\)$/,
  );
  expect(stdout).toContain("Published 30 users in 1 page");
  expect(stdout).toContain("Published 3 groups in 1 page");
  expect(stdout.match(/record \{"id":/g)).toHaveLength(2);
});

test("npm run invoke works against the environment that runs, and npm run inspect shows what came of it", async () => {
  const none = await runCli("inspect", "groups");
  const first = await runCli("invoke", "ingest-groups", '{"scheduledTime":"2026-01-31T08:00:00Z"}');
  const second = await runCli("invoke", "ingest-groups", '{"scheduledTime":"2026-01-31T08:00:00Z"}', "--json");
  const raw = await runCli("invoke", "ingest-groups", "--json");
  const groups = await runCli("inspect", "groups");

  expect(none.stdout).toContain("No groups are published");
  expect(first.stdout).toMatch(/status\s+published/);
  expect([second.exitCode, JSON.parse(second.stdout).status]).toEqual([0, "skipped"]);
  expect(JSON.parse(raw.stdout)).toMatchObject({ status: "published", kind: "groups", rows: 6, pages: 1 });
  expect(raw.stderr).toContain('"message":"Invocation started"');
  expect([none.exitCode, groups.exitCode]).toEqual([0, 0]);
  expect(groups.stdout).toMatch(/^6 groups in the local environment that runs, published \d min ago$/m);
  expect(groups.stdout).toMatch(/0 added, 0 changed, 0 removed since \d+T/);
  expect(groups.stdout).toMatch(/^MailUniversalDistributionGroup +\d+$/m);
  expect(groups.stdout).toMatch(/^all +6 {2}whole$/m);
  expect(groups.stdout.match(/^\S+ {2}published +6 {2}[\d.]+ s$/gm)).toHaveLength(2);
});

test("npm run validate shows a line for each check of the environment's credential", async () => {
  const { exitCode, stdout } = await runCli("validate");

  const lines = stdout.split("\n");
  expect(exitCode).toBe(0);
  expect(lines[0]).toMatch(/^✔ secret readable {2,}exchange-online-gateway\/credential$/);
  expect(lines.filter((line) => line.startsWith("✔"))).toHaveLength(26);
  expect(stdout).toContain("\n26 passed\nThe credential is right");
});

test("npm run validate answers 2, and the function's failure, where nothing can be checked", async () => {
  process.env.GATEWAY_TYPO = "1";

  const { exitCode, stdout } = await runCli("validate", "--json").finally(() => {
    delete process.env.GATEWAY_TYPO;
  });

  expect([exitCode, JSON.parse(stdout).code]).toEqual([2, "CONFIGURATION_INVALID"]);
});

test.each([["validate"], ["invoke", "ingest-users"]])(
  "npm run %s refuses to point the stand-in at a real tenant and says how to install the module",
  async (...words) => {
    vi.stubEnv("EXCHANGE_MODULE_PATH", standIn);

    const { exitCode, stdout, stderr } = await runCli(...words, "--secret", local.address.exchange.secretFile);

    expect([exitCode, stdout]).toEqual([2, ""]);
    expect(stderr).toContain("MODULE_UNUSABLE: ");
    expect(stderr).toContain("Install-Module ExchangeOnlineManagement");
    expect(stderr).toContain(standIn);
  },
);

test("npm run invoke answers 1 to an invalid event, and says how the function failed", async () => {
  const raw = await runCli("invoke", "ingest-users", '{"dryrun":1}', "--json");
  const forPeople = await runCli("invoke", "ingest-users", "not JSON");

  expect([raw.exitCode, JSON.parse(raw.stdout).code]).toEqual([1, "EVENT_INVALID"]);
  expect([forPeople.exitCode, forPeople.stdout]).toEqual([1, expect.stringContaining("failed: EVENT_INVALID")]);
});

test.each([
  ["invoke", "no-such-function"],
  ["invoke", "../local/cli"],
  ["invoke", "ingest-users", "--secret", "/no/such/file"],
  ["validate", "--secret", "/no/such/file"],
  ["validate", "--environment", "O365China"],
  ["validate", "--environment", "O365GermanyCloud"],
  ["send", "no-such-function", "{}"],
  ["send", "create-group", "not JSON"],
  ["start", "--users", "many"],
  ["local", "--fault", "no-such-fault"],
])("answers 2 to what cannot be run: %s %s", async (...words) => {
  const { exitCode, stdout, stderr } = await runCli(...words);

  expect([exitCode, stdout]).toEqual([2, ""]);
  expect(stderr).not.toBe("");
});

/** What clears the screen, turns the text around, and begins a command of a terminal in one character. */
const hostile = "\u001b[2J\u202e\u009b";
const request = { requestedBy: "anna@contoso.com", group: hostile, members: [hostile] };

test.each([
  ["a name", "invoke", "list-group-members", JSON.stringify({ group: hostile })],
  ["a message in the raw result", "send", "add-group-members", JSON.stringify(request), "--json"],
  ["an error", "invoke", "ingest-users", JSON.stringify({ [hostile]: 1 })],
  ["an error and the log", "invoke", "ingest-users", JSON.stringify({ [hostile]: 1 }), "--json"],
  ["a command", hostile],
  ["a function", "invoke", hostile],
  ["a choice", "inspect", hostile],
  ["a fault", "local", "--fault", hostile],
])("npm run shows what would steer the terminal in %s", async (_, ...words) => {
  const { stdout, stderr } = await runCli(...words);

  expect(stdout + stderr).toMatch(/\\u001b\[2J\\+u202e\\+u009b/);
  expect(stdout + stderr).not.toMatch(/[^\P{Cc}\n]|\p{Bidi_Control}/u);
  if (words.includes("--json")) expect(() => JSON.parse(stdout)).not.toThrow();
});

test.each(["SIGINT", "SIGTERM"] as const)("npm run local says where it is and ends cleanly on %s", async (signal) => {
  if (existsSync(announcement)) chmodSync(announcement, 0o644);
  const other = await startLocal("--users", "5");
  const { secretFile, proxy } = other.address.exchange;

  const [mode, announcedMode] = [secretFile, announcement].map((file) => statSync(file).mode & 0o777);
  const exitCode = await other.stop(signal);

  expect(other.address).toMatchObject({
    exchange: { proxy: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/), caFile: expect.any(String) },
    aws: {
      s3: expect.stringMatching(/^http:/),
      secretsManager: expect.stringMatching(/^http:/),
      sqs: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
      accessKeyId: expect.stringMatching(/^LOCAL[0-9A-F]{16}$/),
      secretAccessKey: expect.stringMatching(/^[\w-]{40}$/),
    },
    queues: {
      "add-group-members": expect.stringMatching(/\/add-group-members\.fifo$/),
      "create-group": expect.stringMatching(/\/create-group\.fifo$/),
      results: expect.stringMatching(/\/results$/),
    },
    bucket: expect.any(String),
    secretId: expect.any(String),
  });
  expect([mode, announcedMode, exitCode]).toEqual([0o600, 0o600, 0]);
  expect(other.address.aws.secretAccessKey).not.toBe(local.address.aws.secretAccessKey);
  expect(existsSync(secretFile)).toBe(false);
  await expect(fetch(proxy)).rejects.toThrow();
});

describe("in an environment of its own", () => {
  let own: Local;

  afterEach(() => own.stop());

  test("an interrupted run leaves nothing published and no process behind, and shows its key to no other user", async () => {
    own = await startLocal("--users", "10", "--fault", "hang,path=/Recipient");
    const invocation = startCommand("invoke", "ingest-users", "--json");
    const isAtWork = () => processesWith(own.address.exchange.proxy).length > 1 && existsSync(latestFile(own));
    await eventually(isAtWork);
    const showingKey = processesWith(own.address.aws.secretAccessKey, "cmdline");

    invocation.kill("SIGTERM");
    const ended = new Promise((resolve) => invocation.once("close", resolve));

    expect(await ended).not.toBe(0);
    expect(showingKey).toEqual([]);
    expect(processesWith(own.address.exchange.proxy)).toEqual([]);
    expect(JSON.parse(readFileSync(latestFile(own), "utf8")).published).toBeNull();
  });
});

/** Where an environment's folder holds users' latest.json. */
function latestFile({ address }: Local): string {
  const folder = dirname(address.exchange.secretFile);
  return join(folder, "s3", address.bucket, latestKey("users"));
}

/** Processes with this text in their environment, as every PowerShell has its proxy, or in their command line. */
function processesWith(text: string, where: "environ" | "cmdline" = "environ"): string[] {
  return readdirSync("/proc").filter((name) => {
    try {
      return /^\d+$/.test(name) && readFileSync(`/proc/${name}/${where}`, "utf8").includes(text);
    } catch {
      return false; // it has ended meanwhile
    }
  });
}
