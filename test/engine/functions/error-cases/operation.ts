import { randomUUID } from "node:crypto";
import process from "node:process";
import { expect } from "vitest";
import type { AwsFaultKind } from "#local/aws/faults";
import { ledgerDocument } from "#operations/ledger";
import type { ErrorCode } from "#runtime/errors";
import type { Bench } from "#test/engine/functions/error-cases/bench";
import { type Check, ends, functionFails, memberEnds } from "#test/engine/functions/error-cases/check";
import { goesOnFromDeadLetters } from "#test/engine/functions/error-cases/last-receive";
import { eventually } from "#test/support/eventually";

const adding = "Add-DistributionGroupMember";
const monthMs = 31 * 24 * 60 * 60 * 1000;

/** With an S3 that keeps no operations. */
const withStorage = (kind: AwsFaultKind) =>
  functionFails((bench) => {
    bench.changes.s3.faults.add({ kind, target: "operations/" });
    return bench.addition();
  });

/** What a message is, how the function is set up, and what is known of its operation. */
export const operationCases = {
  CONTENT_INVALID: ends("rejected", (bench) => ({
    fields: { group: bench.list().guid, members: Array(51).fill("ada") },
  })),
  // Another message under the same id may be right.
  EVENT_INVALID: ends("rejected", (bench) => ({ fields: { group: bench.list().guid } }), { final: false }),
  IDENTITY_INVALID: memberEnds(
    "notAllowed",
    (bench) => ({ fields: { group: bench.list().guid, members: ["\u00a0"] } }),
    "The entry is empty.",
  ),
  CONFIGURATION_INVALID: functionFails((bench) => {
    process.env.GATEWAY_SHRINK_LIMIT = "many";
    return bench.addition();
  }),
  REQUEST_EXPIRED: ends("rejected", (bench) => {
    const requestedAt = new Date(Date.now() - monthMs).toISOString();
    return { fields: { ...bench.addition().fields, requestedAt } };
  }),
  OPERATION_ID_REUSED: isReused,
  CLAIM_LOST: isTakenOver,
  DIRECTORY_WRITE_FAILED: failsToWriteOnce,
  OUTCOME_UNKNOWN: (bench) => goesOnFromDeadLetters(bench, "add-group-members"),
  STORAGE_DENIED: withStorage("accessDenied"),
  STORAGE_UNAVAILABLE: withStorage("slowDown"),
  STORAGE_CORRUPT: isCorrupt,
  DEADLINE_TOO_CLOSE: ends("failed", (bench) => {
    bench.changes.time.limitMs = 5_000;
    return bench.addition();
  }),
  UNEXPECTED: ends("failed", (bench) => {
    const member = bench.person({ guid: "no-guid" });
    return { fields: { group: bench.list().guid, members: [member.primarySmtpAddress] } };
  }),
} satisfies Record<string, Check>;

async function isReused(bench: Bench): Promise<void> {
  const { awaitResult, request, send } = bench.changes;
  const operationId = randomUUID();
  const body = { operationId, requestedAt: new Date().toISOString(), requestedBy: "anna@contoso.com" };
  const { fields, group, member } = bench.addition();
  await request("add-group-members", { ...body, ...fields });

  const notice = awaitResult((each) => each.operationId === operationId);
  await send("add-group-members", JSON.stringify({ ...body, ...bench.addition(group).fields }));

  expect(await notice).toMatchObject({ final: false, outcome: "rejected", error: { code: "OPERATION_ID_REUSED" } });
  expect([...(group.group?.members ?? [])]).toEqual([member]);
}

/** While Exchange is at work on it, the lease ends and another message of the same operation comes, which brings the result. */
async function isTakenOver(bench: Bench, code: ErrorCode): Promise<void> {
  const { awaitResult, delivery, endLeases, hold, request, results, send } = bench.changes;
  const { group, member, fields } = bench.addition();
  const body = { operationId: randomUUID(), requestedAt: new Date().toISOString(), requestedBy: "anna@contoso.com" };
  const failed = delivery.failures.length;
  const change = hold(adding);

  const first = request("add-group-members", { ...body, ...fields });
  await change.asked;
  endLeases();
  await send("add-group-members", JSON.stringify({ ...body, ...fields }));
  await eventually(() => readAttempts(bench, body) === 2);
  change.letGo();
  const failure = await eventually(() => delivery.failures.at(failed) ?? false);
  await first;
  const sentAgain = awaitResult((each) => each.operationId === body.operationId);
  await failure.comeAgain();
  await sentAgain;

  const own = results.filter((each) => each.operationId === body.operationId);
  expect(failure.code).toBe(code);
  expect(await first).toMatchObject({ outcome: "succeeded", attempts: 2 });
  expect(new Set(own.map((each) => each.text)).size).toBe(1);
  expect([...(group.group?.members ?? [])]).toEqual([member]);
}

/** Once the change was made and once not: where it was it is found, where it was not it is made the next time. */
async function failsToWriteOnce(bench: Bench): Promise<void> {
  const { request } = bench.changes;
  const [made, notMade] = [bench.addition(), bench.addition()];

  bench.fault({ name: "directory-write", cmdlet: adding, times: 1, isCarriedOut: true });
  const found = await request("add-group-members", made.fields);
  bench.fault({ name: "directory-write", cmdlet: adding, times: 1 });
  const repeated = await request("add-group-members", notMade.fields);

  const added = { outcome: "succeeded", members: [{ outcome: "added", error: null }] };
  expect([found, repeated]).toMatchObject([
    { ...added, attempts: 1 },
    { ...added, attempts: 2 },
  ]);
  for (const { group, member } of [made, notMade]) expect([...(group.group?.members ?? [])]).toEqual([member]);
}

function readAttempts({ changes }: Bench, { operationId }: { operationId: string }): number {
  return JSON.parse(changes.read(ledgerDocument(operationId).key).toString()).attempts;
}

async function isCorrupt(bench: Bench, code: ErrorCode): Promise<void> {
  const operationId = randomUUID();
  const { key } = ledgerDocument(operationId);
  const { fields, ...both } = bench.addition();
  const request = { operationId, requestedAt: new Date().toISOString(), ...fields };
  await bench.changes.request("add-group-members", request);
  const entry = bench.changes.read(key).toString();
  bench.changes.write(key, "<html>");

  const check = functionFails(
    () => ({ ...both, fields: request }),
    ({ changes }) => changes.write(key, entry),
  );
  await check(bench, code);
}
