import { expect, test } from "vitest";
import { normalize, withoutConnectTime } from "#local/compare/differences";
import type { Check } from "#validation/validation";

const exchange = {
  app: { appId: "11111111-0000-4000-8000-000000000001", servicePrincipalId: "22222222-0000-4000-8000-000000000002" },
};

test("leaves out what is drawn and how long things took, at any depth", () => {
  const value = {
    a: [{ durationMs: 12, rows: 3, sha256: "ab", manifestSha256: "cd", claimId: "x", timings: { readMs: 5 } }],
  };

  expect(normalize(value, { exchange })).toEqual({ a: [{ rows: 3, timings: {} }] });
});

test.each([
  ["Read at 2026-01-31T09:30:00.123Z", "Read at <time>"],
  [
    "snapshots/users/runs/2026/01/31/20260131T093000123Z-0a1b2c3d/page-00001.ndjson.gz",
    "snapshots/users/runs/<run 1>/page-00001.ndjson.gz",
  ],
  ["took 12.5 s, of them 300 ms", "took <number> s, of them <number> ms"],
  [
    "Trace ID: 2819ba38-2020-4b26-be7c-a54ec4f79d29 Timestamp: 2026-01-31 09:30:00Z",
    "Trace ID: <id> Timestamp: <time>",
  ],
  [`Key '${"0A".repeat(32)}' of ${"0A".repeat(20)}`, "Key '<thumbprint>' of <thumbprint>"],
  ["Module 3.9.0-stand-in", "Module <version>"],
  [
    "App 11111111-0000-4000-8000-000000000001 of 22222222-0000-4000-8000-000000000002",
    "App <app> of <service principal>",
  ],
  ["3 people in 33333333-0000-4000-8000-000000000003", "3 people in 33333333-0000-4000-8000-000000000003"],
])("makes %j the same in every run", (text, expected) => {
  expect(normalize({ [text]: text }, { exchange })).toEqual({ [expected]: expected });
});

test("numbers runs as they were begun", () => {
  const runs = { second: "20260131T093000123Z-0a1b2c3d", first: "20260131T092959999Z-ffffffff" };

  expect(normalize({ ...runs, again: runs.second }, { exchange })).toEqual({
    second: "<run 2>",
    first: "<run 1>",
    again: "<run 2>",
  });
});

test("reads JSON that is stored as text", () => {
  expect(normalize({ result: '{"endedAt":"2026-01-31T09:30:00Z","final":true}' }, { exchange })).toEqual({
    result: { endedAt: "<time>", final: true },
  });
  expect(normalize({ result: "{not JSON" }, { exchange })).toEqual({ result: "{not JSON" });
});

test("judges a validation without the time that connecting took", () => {
  const check = (name: string, status: Check["status"]): Check => ({ name, status, found: "", fix: null, code: null });
  const validation = {
    status: "warn",
    userMessage: "The credential works. Somebody should look at: connect time.",
    certificate: null,
    asOf: "2026-01-31T09:30:00Z",
    durationMs: 1,
  } as const;

  const slow = withoutConnectTime({ ...validation, checks: [check("token", "pass"), check("connect time", "warn")] });
  const wrong = withoutConnectTime({ ...validation, checks: [check("token", "fail"), check("connect time", "warn")] });

  expect(slow).toMatchObject({ status: "pass", checks: [{ name: "token" }] });
  expect(slow.userMessage).not.toContain("connect time");
  expect(wrong).toMatchObject({ status: "fail", checks: [{ name: "token" }] });
});
