import { createHash } from "node:crypto";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { type Claimant, claimOperation, type Operation } from "#operations/ledger";
import { holdRequest } from "#test/support/hold-request";
import { type Storage, startStorage } from "#test/support/storage";

let storage: Storage;

beforeEach(async () => {
  storage = await startStorage();
});

afterEach(async () => {
  vi.useRealTimers();
  await storage.stop();
});

test("lets one attempt go on with what the one before has kept", async () => {
  const first = await claimed();
  await first.keep({ wasMember: false });
  await first.release({ wasMember: false, tried: 1 });

  const second = await claimed();

  expect([first.attempts, second.attempts]).toEqual([1, 2]);
  expect(second.work).toEqual({ wasMember: false, tried: 1 });
});

test("answers the result of an operation that has ended, byte for byte", async () => {
  const text = '{"outcome": "succeeded",\n "name":"Zoë \\ud83d\\ude00"}';
  await (await claimed()).finish(text);

  expect(await claim()).toEqual({ status: "finished", result: text });
  expect(await claim({ leaseUntil: new Date(0), mayBegin: false })).toEqual({ status: "finished", result: text });
});

test("keeps others out until the lease is over, and then lets them take over", async () => {
  const leaseUntil = new Date(Date.now() + 60_000);
  const first = await claimed({ leaseUntil });
  await first.keep({ step: 1 });

  expect(await claim()).toEqual({ status: "busy", until: leaseUntil });
  vi.setSystemTime(leaseUntil);
  const second = await claimed({ leaseUntil: new Date(leaseUntil.getTime() + 60_000) });

  expect(second.work).toEqual({ step: 1 });
  for (const late of [first.keep({ step: 2 }), first.release(null), first.finish("late")]) {
    await expect(late).rejects.toMatchObject({ code: "CLAIM_LOST" });
  }
  await second.finish("done");
  await expect(first.finish("late")).rejects.toMatchObject({ code: "CLAIM_LOST" });
  expect(await claim()).toEqual({ status: "finished", result: "done" });
});

test("ends a lease that was made far too long when its entry has not been written for 20 minutes", async () => {
  const minutesMs = 60 * 1000;
  const first = await claimed({ leaseUntil: new Date(Date.now() + 365 * 24 * 60 * minutesMs) });
  await first.keep({ step: 1 });

  const answer = await claim();
  const { until } = answer.status === "busy" ? answer : { until: new Date(0) };
  expect((until.getTime() - Date.now()) / minutesMs).toBeCloseTo(20, 0);

  storage.writtenAt(keyOfOperation(), new Date(Date.now() - 21 * minutesMs));
  expect((await claimed()).work).toEqual({ step: 1 });
});

test("lets an attempt end whose lease is over while nobody has taken over", async () => {
  const operation = await claimed({ leaseUntil: new Date(0) });

  await operation.finish("done");

  expect(await claim()).toEqual({ status: "finished", result: "done" });
});

test("knows a request by what it says, not by the order of its fields", async () => {
  await (await claimed({ body: { group: "a", members: ["b", { c: 1, d: 2 }] } })).finish("done");

  expect(await claim({ body: { members: ["b", { d: 2, c: 1 }], group: "a" } })).toMatchObject({ status: "finished" });
  expect(await claim({ body: { group: "a", members: ["b"] } })).toEqual({ status: "reused" });
  expect(await claim({ body: { group: "a", members: ["b", { c: 1, d: 2 }] }, action: "other" })).toEqual({
    status: "reused",
  });
});

test("begins nothing that may not begin, and goes on with what has begun", async () => {
  expect(await claim({ mayBegin: false })).toEqual({ status: "unknown" });
  expect(storage.listKeys()).toEqual([]);

  await (await claimed()).release(null);

  expect(await claim({ mayBegin: false })).toMatchObject({ status: "claimed" });
});

test.each([
  { state: "is no JSON", text: () => "<html>" },
  { state: "is something else", text: () => "{}" },
  { state: "is of another operation", text: (own: string) => own.replace('"operation"', '"another"') },
  { state: "has a field too many", text: (own: string) => own.replace("{", '{"more": 1,') },
])("leaves an object alone that $state", async ({ text }) => {
  const operation = await claimed();
  const foreign = text(readEntry());
  storage.write(keyOfOperation(), foreign);

  for (const doing of [claim(), operation.keep(1), operation.release(1), operation.finish("done")]) {
    await expect(doing).rejects.toMatchObject({ code: "STORAGE_CORRUPT", retryable: false });
  }
  expect(readEntry()).toBe(foreign);
});

test("stops where the entry is gone, and does not make it anew", async () => {
  const operation = await claimed();
  storage.remove(keyOfOperation());

  for (const late of [operation.keep(1), operation.release(1), operation.finish("done")]) {
    await expect(late).rejects.toMatchObject({ code: "CLAIM_LOST" });
  }
  expect(storage.listKeys()).toEqual([]);
});

test("stops where the entry goes away between reading and writing", async () => {
  const operation = await claimed();
  const write = holdRequest(storage, { method: "PUT" });
  const keeping = operation.keep(1);
  const lost = expect(keeping).rejects.toMatchObject({ code: "CLAIM_LOST" });
  await write.held();
  storage.remove(keyOfOperation());

  await write.letGo();
  await lost;

  expect(storage.listKeys()).toEqual([]);
});

test("stops an attempt from which the operation is taken between its reading and its writing", async () => {
  const first = await claimed({ leaseUntil: new Date(0) });
  const write = holdRequest(storage, { method: "PUT" });
  const finishing = expect(first.finish("first")).rejects.toMatchObject({ code: "CLAIM_LOST" });
  await write.held();
  const second = await claimed();

  await write.letGo();
  await finishing;

  await second.finish("second");
  expect(await claim()).toEqual({ status: "finished", result: "second" });
});

test("stops an attempt that goes on after it has released the operation", async () => {
  const operation = await claimed();
  await operation.release(1);

  await expect(operation.keep(2)).rejects.toMatchObject({ code: "CLAIM_LOST" });
  expect((await claimed()).work).toBe(1);
});

test.each([
  { between: "nothing", keeps: ["first"] },
  { between: "other work", keeps: ["other", "first"] },
])(
  "keeps what was confirmed last although a write is still on its way, with $between in between",
  async ({ keeps }) => {
    const operation = await claimed();
    await operation.keep("first");
    const write = holdRequest(storage, { method: "PUT" });
    const timeout = new AbortController();
    const unanswered = expect(operation.keep("late", { signal: timeout.signal })).rejects.toMatchObject({
      code: "STORAGE_UNAVAILABLE",
    });
    await write.held();
    timeout.abort(new DOMException("The operation timed out.", "TimeoutError"));
    await unanswered;

    for (const work of keeps) await operation.keep(work);
    await write.letGo();

    expect(JSON.parse(readEntry()).work).toBe("first");
  },
);

test("stores nothing of work that was changed and not kept", async () => {
  const operation = await claimed();
  const work = ["kept"];
  await operation.keep(work);
  work.push("changed");
  (operation.work as string[]).push("changed too");

  await operation.finish("done");

  expect(JSON.parse(readEntry()).work).toEqual(["kept"]);
});

test.each(["dropAfter", "dropBefore", "slowDown", "internalError", "conflict"] as const)(
  "claims, keeps and ends once each where every second write meets %s",
  async (kind) => {
    storage.s3.faults.add({ kind, method: "PUT", every: 2 });

    const operation = await claimed();
    await operation.keep({ step: 1 });
    await operation.keep({ step: 2 });
    await operation.finish("done");

    storage.s3.faults.clear();
    expect(operation.attempts).toBe(1);
    expect(await claim()).toEqual({ status: "finished", result: "done" });
  },
);

test("gives one of many attempts at once the claim", async () => {
  const answers = await Promise.all(Array.from({ length: 8 }, () => claim()));

  expect(answers.map(({ status }) => status).sort()).toEqual([...Array(7).fill("busy"), "claimed"]);
});

function keyOfOperation(): string {
  return `operations/${createHash("sha256").update("operation").digest("hex")}.json`;
}

function readEntry(): string {
  return storage.read(keyOfOperation()).toString();
}

function claim(change: Partial<Claimant> = {}) {
  return claimOperation(storage.store, {
    operationId: "operation",
    action: "add-group-members",
    body: { group: "a" },
    leaseUntil: new Date(Date.now() + 60_000),
    mayBegin: true,
    ...change,
  });
}

async function claimed(change: Partial<Claimant> = {}): Promise<Operation> {
  const answer = await claim(change);
  if (answer.status !== "claimed") throw new Error(`The claim was answered with ${answer.status}.`);
  return answer.operation;
}
