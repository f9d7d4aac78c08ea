import { setTimeout as delay } from "node:timers/promises";
import { expect } from "vitest";
import { createRandom } from "#local/exchange/tenant/random";
import { addGroupMembers } from "#operations/add-group-members/add-group-members";
import { createGroup } from "#operations/create-group/create-group";
import { handleMessage } from "#operations/handle-message";
import { maxReceiveCount } from "#operations/message";
import type { OperationContext } from "#operations/operation-type";
import { deadlineIn } from "#runtime/deadline";
import type { ObjectStore } from "#storage/object-store";
import { createMemoryStore } from "#test/support/memory-store";
import { messageOf } from "#test/support/message-of";
import { createMortalWorker } from "#test/support/mortal-worker";
import { type AnyResult, readResult } from "#test/support/read-result";
import { seed } from "#test/support/seed";
import { simulateTime } from "#test/support/simulated-time";
import { createModelExchange, type ModelExchange, type Moods } from "#test/unit/layers/operations/model-exchange";

/** How many operations succeeded, notices were sent, messages became dead letters, and were left there, over all schedules. */
type Tally = { succeeded: number; notices: number; deadLetters: number; unsettled: number };

/** An Exchange that refuses, withdraws rights and lags, and in which people edit notes, rename and delete, now and then. */
const moods: Moods = {
  ...{ refuses: 0.05, withdrawsRights: 0.01, lags: 0.01 },
  ...{ editsNotes: 0.01, renames: 0.003, deletes: 0.001 },
};

/** Expects so many random schedules each to change everything once, and to say nothing that is not so. */
export async function runSchedules(schedules: number): Promise<void> {
  simulateTime();
  const first = seed() * schedules;
  const tally: Tally = { succeeded: 0, notices: 0, deadLetters: 0, unsettled: 0 };

  for (let number = 0; number < schedules; number += 1) await runSchedule(first + number, tally);

  expect(tally.succeeded).toBeGreaterThan(schedules);
  expect(tally.notices).toBeGreaterThan(0);
  expect(tally.deadLetters).toBeGreaterThan(0);
  console.info(`schedules ${first} to ${first + schedules - 1}: ${JSON.stringify(tally)}`);
}

type Sent = { operationId: string; body: string; skill: typeof addGroupMembers | typeof createGroup };

/** Three operations on one directory: two on the same list, one that makes another. */
async function runSchedule(seed: number, tally: Tally) {
  let isCalm = false;
  const draw = createRandom(seed).next;
  const random = () => (isCalm ? 0.99 : draw());
  const exchange = createModelExchange(random, moods);
  const store = createMemoryStore(random, 0.02);
  const results: string[] = [];
  const group = exchange.addList("crew");
  const people = ["ada", "ben", "cyd"].map((name) => exchange.addPerson(name));
  const [ada, ben, cyd] = people.map(({ id }) => id);
  if (random() < 0.3) group.members.push(ben ?? "");
  const wasThere = [...group.members];
  const foreign = draw() < 0.2 ? exchange.addList("project") : undefined;
  const requests: Sent[] = [
    request(addGroupMembers, { operationId: "one", group: "crew", members: [ada, ben, "nobody"] }),
    request(addGroupMembers, { operationId: "two", group: group.id, members: [ben, cyd] }),
    request(createGroup, { operationId: "three", name: "project", alias: "team", owners: [ada], members: [ben, cyd] }),
  ];

  const inDeadLetters: Sent[] = [];
  const deliver = async (sent: Sent): Promise<void> => {
    const lanes = random() < 0.3 ? 2 : 1;
    await Promise.all(Array.from({ length: lanes }, () => receiveUntilGone(sent)));
  };
  const receiveUntilGone = async (sent: Sent): Promise<void> => {
    for (let receives = 1; receives <= maxReceiveCount; receives += 1) {
      if (await isDone(sent, receives, { exchange, store, results, random })) return;
      await delay(random() * 8);
    }
    inDeadLetters.push(sent);
  };

  await Promise.all(requests.map(deliver));

  for (const { operationId } of inDeadLetters) {
    const own = results.map(parse).filter((result) => result.operationId === operationId);
    expect(own).not.toEqual([]); // somebody has heard of it
  }
  tally.deadLetters += inDeadLetters.length;
  isCalm = true;
  await delay(90); // until frozen workers have come back, leases are over, and objects can be read
  for (const sent of inDeadLetters.splice(0)) await receiveUntilGone(sent);
  for (const sent of requests) await receiveUntilGone(sent);
  // What was done with what is deleted now, and who has made a list whose notes are another's now, can be seen nowhere.
  const isDeleted = exchange.objects.some((object) => object.isDeleted);
  const isEdited = exchange.objects.some(({ madeBy, notes }) => madeBy === "three" && !notes.includes("three"));
  const open = new Set(inDeadLetters.map(({ operationId }) => operationId));
  expect([...open].filter((operationId) => !isDeleted && !(operationId === "three" && isEdited))).toEqual([]);
  tally.unsettled += open.size;

  for (const { operationId } of requests) if (!open.has(operationId)) expectOneResult(operationId, results);
  expectFinalTrue(exchange, results);
  const made = exchange.objects.filter(({ madeBy }) => madeBy === "three");
  expect(made.filter((object) => !object.isDeleted).length).toBeLessThanOrEqual(1);
  expect(foreign?.members ?? []).toEqual([]);
  expectOnce(group.members, [ada, ben, cyd], wasThere);
  for (const { members } of made) expectOnce(members, [ben, cyd], []);
  expectTrue(exchange, results);
  expectOwned(exchange, results, [ada, cyd]);
  const finals = new Map(results.map(parse).map((result) => [result.final && result.operationId, result.outcome]));
  tally.succeeded += [...finals].filter(([id, outcome]) => id && outcome === "succeeded").length;
  tally.notices += results.map(parse).filter(({ final }) => !final).length;
}

type Around = { exchange: ModelExchange; store: ObjectStore; results: string[]; random: () => number };

/** One receive of a message, by a worker that may die or freeze at any of its calls; whether it deletes the message. */
async function isDone({ operationId, body, skill }: Sent, receives: number, around: Around): Promise<boolean> {
  const { exchange, store, results, random } = around;
  const client = exchange.clientOf(operationId);
  // The last receive begins with a notice; of a process that is killed before, only the dead-letter queue's alarm tells.
  const isLast = receives === maxReceiveCount;
  const diesAtCall = random() < 0.15 ? Math.floor(random() * 30) + (isLast ? 2 : 1) : Number.POSITIVE_INFINITY;
  const freezesAtCall = random() < 0.1 ? Math.floor(random() * 30) : -1;
  const { death, survive, calls } = createMortalWorker({ diesAtCall, freezesAtCall });
  const context: OperationContext = {
    client: {
      ...client,
      read: (...call) => wrapRows(survive, () => client.read(...call)),
      write: async (...call) => {
        await survive();
        const rows = await client.write(...call);
        await survive();
        return rows;
      },
    },
    store: {
      ...store,
      get: async (...call) => {
        await survive();
        return store.get(...call);
      },
      putIf: async (...call) => {
        await survive();
        const answer = await store.putIf(...call);
        await survive();
        return answer;
      },
    },
    queues: {
      sendResult: async (text) => {
        await survive();
        if (!(isLast && calls() === 1) && random() < 0.03) throw new Error("SQS did not answer.");
        expectTrue(exchange, [text]);
        results.push(text);
      },
      hide: survive,
    },
    tenant: "contoso",
    deadline: deadlineIn(15),
    readBackPausesMs: [2, 4],
    leaseAfterDeadlineMs: 5,
  };
  const handled = handleMessage(messageOf(body, receives), skill as typeof addGroupMembers, context).then(
    ({ batchItemFailures }) => batchItemFailures.length === 0,
    () => false,
  );
  return Promise.race([handled, death]);
}

async function* wrapRows<Row>(survive: () => Promise<void>, read: () => AsyncGenerator<Row, void>) {
  await survive();
  yield* read();
}

function request(skill: Sent["skill"], fields: { operationId: string; [name: string]: unknown }): Sent {
  const common = { requestedAt: new Date().toISOString(), requestedBy: "anna@contoso.com" };
  return { operationId: fields.operationId, skill, body: JSON.stringify({ ...common, ...fields }) };
}

function parse(text: string): AnyResult {
  return readResult(text);
}

/** One final result, the same each time it was sent. */
function expectOneResult(operationId: string, results: readonly string[]): void {
  const final = results.filter((text) => parse(text).operationId === operationId && parse(text).final);
  expect([operationId, new Set(final).size]).toEqual([operationId, 1]);
}

/** Nobody was added twice, or who was there, or whom nobody asked for. */
function expectOnce(
  members: readonly string[],
  asked: readonly (string | undefined)[],
  before: readonly string[],
): void {
  expect(members.length).toBe(new Set(members).size);
  for (const member of members) expect([...asked, ...before]).toContain(member);
}

/** What an operation alone can have done it says it has done, however often it had to begin again. */
function expectOwned({ objects }: ModelExchange, results: readonly string[], people: (string | undefined)[]): void {
  const final = results.map(parse).filter((result) => result.final);
  const made = final.filter(({ action }) => action === "create-group").map(({ outcome }) => outcome);
  if (objects.some(({ madeBy }) => madeBy === "three")) expect(made).not.toContain("rejected");
  const added = final.filter(({ action }) => action === "add-group-members").flatMap(({ members }) => members);
  for (const { id, outcome } of added) if (people.includes(id ?? "")) expect(outcome).not.toBe("alreadyMember");
}

/** What an operation has done its final result says: whoever it has added was added, and the list it has made is there. */
function expectFinalTrue({ objects }: ModelExchange, results: readonly string[]): void {
  const finals = new Map(results.map(parse).flatMap((result) => (result.final ? [[result.operationId, result]] : [])));
  for (const { id, madeBy, additions, isDeleted } of objects) {
    const making = finals.get(madeBy);
    if (making) expect(making.outcome).toMatch(/^(succeeded|partial)$/);
    // Of one that was deleted before it was seen, another was made in its place.
    if (making && !isDeleted) expect(making.group?.id).toBe(id);
    for (const [member, { by }] of additions) {
      const reports = finals.get(by)?.members.filter((report) => report.id === member) ?? [];
      expect(reports.map(({ outcome }) => outcome)).toEqual(reports.map(() => "added"));
      if (finals.has(by)) expect([by, member, reports.length > 0]).toEqual([by, member, true]);
    }
  }
}

/** Whoever a result says is in a group is in it, and the group it says was made is there. */
function expectTrue({ objects }: ModelExchange, results: readonly string[]): void {
  for (const { group, members, action, outcome } of results.map(parse)) {
    const made = objects.find(({ id }) => id === group?.id);
    if (action === "create-group" && outcome === "succeeded") expect(made?.madeBy).toBe("three");
    for (const member of members) {
      if (member.outcome === "added" || member.outcome === "alreadyMember") expect(made?.members).toContain(member.id);
    }
  }
}
