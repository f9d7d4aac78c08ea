import { afterEach, expect, test } from "vitest";
import { runCli, runCommand, startLocal } from "#test/support/command";

let own: Awaited<ReturnType<typeof startLocal>>;

afterEach(() => own.stop());

test("npm run invoke tells how a function failed", async () => {
  own = await startLocal("--users", "5", "--fault", "no-directory-role");

  const raw = await runCli("invoke", "ingest-users", "--json");
  const forPeople = await runCli("invoke", "ingest-users");

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

test("functions work in the cloud that the environment plays, and note what the certificate has left", async () => {
  own = await startLocal("--users", "5", "--environment", "O365USGovGCCHigh");

  const { exitCode, stdout, stderr } = await runCli("invoke", "validate-credentials", "--json");

  expect([exitCode, own.address.exchange.environment]).toEqual([0, "O365USGovGCCHigh"]);
  expect(JSON.parse(stdout)).toMatchObject({ status: "pass" });
  expect(stdout).toContain("right, by login.microsoftonline.us");
  expect(stderr).toMatch(/"ValidationFailed":0,"CertificateDaysLeft":364/);
});

test("two invocations at once publish once", async () => {
  own = await startLocal("--users", "40", "--delay", "500");

  const answers = await Promise.all(
    ["2026-01-31T08:00:00Z", "2026-01-31T12:00:00Z"].map((scheduledTime) =>
      runCommand("invoke", "ingest-users", JSON.stringify({ scheduledTime }), "--json"),
    ),
  );

  const statuses = answers.map(({ stdout }) => JSON.parse(stdout).status).sort();
  expect(statuses).toEqual(["published", "skipped"]);
});
