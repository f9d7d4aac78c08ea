import { setTimeout as delay } from "node:timers/promises";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type Claimant, claimOperation, type Operation } from "#changes/ledger";
import { createRandom } from "#local/exchange/tenant/random";
import { toExchangeError } from "#runtime/exchange-error";
import { type Storage, startStorage } from "#test/support/storage";

let storage: Storage;

beforeEach(async () => {
  storage = await startStorage();
});

afterEach(() => storage.stop());

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
  const leaseUntil = new Date(Date.now() + 150);
  const first = await claimed({ leaseUntil });
  await first.keep({ step: 1 });

  expect(await claim()).toEqual({ status: "busy", until: leaseUntil });
  await delay(200);
  const second = await claimed();

  expect(second.work).toEqual({ step: 1 });
  for (const late of [first.keep({ step: 2 }), first.release(null), first.finish("late")]) {
    await expect(late).rejects.toMatchObject({ code: "CLAIM_LOST" });
  }
  await second.finish("done");
  await expect(first.finish("late")).rejects.toMatchObject({ code: "CLAIM_LOST" });
  expect(await claim()).toEqual({ status: "finished", result: "done" });
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

test("leaves an object alone that is no entry of the ledger", async () => {
  await (await claimed()).release(null);
  const [key = ""] = storage.listKeys();
  storage.write(key, "{}");

  await expect(claim()).rejects.toMatchObject({ code: "STORAGE_CORRUPT" });
  expect(storage.read(key).toString()).toBe("{}");
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

test("ends each operation once, with everything that was kept, however attempts race, freeze, and meet an S3 in trouble", {
  timeout: 60_000,
}, async () => {
  const seed = Date.now() % 100_000;
  console.info(`seed ${seed}`);
  const random = createRandom(seed).next;
  for (const every of [7, 11, 13]) storage.s3.faults.add({ kind: "dropAfter", method: "PUT", every });
  storage.s3.faults.add({ kind: "dropBefore", every: 17 });
  storage.s3.faults.add({ kind: "slowDown", every: 19 });
  storage.s3.faults.add({ kind: "conflict", method: "PUT", every: 5 });

  await Promise.all(
    Array.from({ length: 10 }, async (_, lane) => {
      for (let number = 0; number < 8; number += 1) await runOperation(`operation-${lane}-${number}`, random);
    }),
  );
});

/** Three workers whose clocks are minutes apart go on with one operation until it has ended. */
async function runOperation(operationId: string, random: () => number): Promise<void> {
  /** Steps that a worker was told are kept, by all workers. */
  const kept: number[] = [];
  const finished: string[] = [];
  const work = async (worker: number): Promise<void> => {
    for (;;) {
      const clockOffMs = (random() - 0.5) * 20;
      try {
        const answer = await claim({ operationId, leaseUntil: new Date(Date.now() + 10 + clockOffMs) });
        if (answer.status === "finished") {
          finished.push(answer.result);
          return;
        }
        if (answer.status === "claimed") await goOn(answer.operation, worker);
        else await delay(random() * 10);
      } catch (error) {
        expect(["CLAIM_LOST", "STORAGE_UNAVAILABLE"]).toContain(toExchangeError(error).code);
      }
    }
  };
  const goOn = async (operation: Operation, worker: number): Promise<void> => {
    const steps = (operation.work ?? []) as number[];
    expect(steps).toEqual(expect.arrayContaining(kept));
    while (steps.length < 3) {
      if (random() < 0.2) await delay(random() * 40); // frozen, also beyond its lease
      if (random() < 0.1) return; // dead
      const step = kept.length * 1_000 + steps.length * 10 + worker;
      await operation.keep([...steps, step]);
      steps.push(step);
      kept.push(step);
    }
    await operation.finish(JSON.stringify(steps));
  };

  await Promise.all([1, 2, 3].map(work));

  expect(new Set(finished).size).toBe(1);
  expect(JSON.parse(finished[0] ?? "[]")).toEqual(expect.arrayContaining(kept));
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
