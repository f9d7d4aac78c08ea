import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { type ErrorCode, errorCodes } from "#runtime/errors";
import { type Bench, startBench } from "#test/engine/functions/error-cases/bench";
import type { Check } from "#test/engine/functions/error-cases/check";
import { exchangeCases } from "#test/engine/functions/error-cases/exchange";
import { failsForCertain, goesOnFromDeadLetters } from "#test/engine/functions/error-cases/last-receive";
import { operationCases } from "#test/engine/functions/error-cases/operation";
import { sessionCases } from "#test/engine/functions/error-cases/session";
import { sessionErrors } from "#test/support/session-errors";

// Those that need a session of their own come last.
const cases: Partial<Record<ErrorCode, Check>> = { ...operationCases, ...exchangeCases, ...sessionCases };

const ofSnapshots = "Snapshots are not read or written.";

/** Codes that no message to a skill meets, and why. */
const outOfReach: Partial<Record<ErrorCode, string>> = {
  PARAMETER_INVALID: "What no filter can name is looked for in another way, and requests are checked: EVENT_INVALID.",
  PAGE_LINK_EXPIRED: "No question has more than one page of answers.",
  RUN_IN_PROGRESS: ofSnapshots,
  RUN_TAKEN_OVER: ofSnapshots,
  RUN_OUTDATED: ofSnapshots,
  ROWS_REJECTED: ofSnapshots,
  SNAPSHOT_INCOMPLETE: ofSnapshots,
  SNAPSHOT_EMPTY: ofSnapshots,
  SNAPSHOT_SHRUNK: ofSnapshots,
};

let bench: Bench;

beforeAll(async () => {
  bench = await startBench();
});

afterEach(() => bench.mend());

afterAll(() => bench.changes.stop());

test("has a case for each error code that needs one, or a reason why no message can meet it", () => {
  const placed = [...Object.keys(cases), ...sessionErrors, ...Object.keys(outOfReach)];

  expect(placed.sort()).toEqual(Object.keys(errorCodes).sort());
});

test.each(["add-group-members", "create-group"] as const)(
  "ends an operation of %s for good on the last receive where nothing was changed",
  (action) => failsForCertain(bench, action),
);

test("goes on from the dead-letter queue with a list that may have been made", () =>
  goesOnFromDeadLetters(bench, "create-group"));

test("does not call failed what was done before Exchange refused the look at it", async () => {
  const { group, member, fields } = bench.addition();
  const refusal = { name: "transient", value: "Microsoft.Exchange.Tasks.OddException" } as const;
  bench.fault({ ...refusal, cmdlet: "Get-DistributionGroup", after: 2, times: 1 });

  const result = await bench.changes.request("add-group-members", fields);

  expect(result).toMatchObject({ outcome: "succeeded", members: [{ outcome: "added" }], attempts: 2 });
  expect([...(group.group?.members ?? [])]).toEqual([member]);
});

test.each(Object.entries(cases))("tells from message to result what comes of %s", async (code, check) => {
  await check(bench, code as ErrorCode);
});
