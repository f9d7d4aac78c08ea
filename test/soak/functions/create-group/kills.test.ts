import { randomUUID } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { generateTenant } from "#local/exchange/tenant/generate";
import { createRandom } from "#local/exchange/tenant/random";
import type { Tenant } from "#local/exchange/tenant/tenant";
import { carryOutProgram, carryOutWhole, type Task } from "#test/support/carry-out";
import { type Changes, startChanges } from "#test/support/changes";
import { killPowerShell, runProgram } from "#test/support/kill";
import { messageBody } from "#test/support/message-event";
import { seed } from "#test/support/seed";

const killsOfPowerShell = 13;
const killsOfNode = 7;
const timeout = 20 * 60_000;
const faults = ["nul-403", "reset", "malformed", "unavailable"] as const;

const { next: random, pick } = createRandom(seed());

let changes: Changes;
let tenant: Tenant;
let count = 0;

beforeAll(async () => {
  tenant = generateTenant({ users: 5, groups: 2, seed: 9 });
  changes = await startChanges({ tenant, delayMs: 15 }, { functions: [] });
});

afterAll(() => changes.stop());

test("makes and fills each list once whenever PowerShell is killed and answers are lost", { timeout }, async () => {
  await carryOutWhole(describeList().task); // opens the session
  const usual = await countRequests(() => carryOutWhole(describeList().task));

  for (let number = 0; number < killsOfPowerShell; number += 1) {
    const list = describeList();
    const cmdlet = pick(["New-DistributionGroup", "Add-DistributionGroupMember"]);
    if (random() < 0.5) changes.exchange.faults.add({ name: pick(faults), cmdlet, isCarriedOut: true, times: 1 });
    const moment = randomMoment(usual);
    const delivered = carryOutWhole(list.task);
    await Promise.race([moment, delivered]);
    killPowerShell();
    await delivered;
    changes.exchange.faults.clear();
    await expectDone(list);
  }
});

test("makes and fills each list once whenever Node is killed", { timeout }, async () => {
  const usual = await countRequests(() => runProgram(carryOutProgram, describeList().task));

  for (let number = 0; number < killsOfNode; number += 1) {
    const list = describeList();
    await runProgram(carryOutProgram, list.task, randomMoment(usual));
    changes.endLeases();
    await carryOutWhole(list.task);
    await expectDone(list);
  }
});

type List = ReturnType<typeof describeList>;

function describeList() {
  count += 1;
  const [owner, member] = [1, 2].map((part) => tenant.addUser({ name: `person ${count}.${part}` }));
  const operationId = randomUUID();
  const request = { operationId, name: `list ${count}`, owners: [owner?.guid], members: [member?.guid] };
  const task: Task = { action: "create-group", body: messageBody(request) };
  return { ...request, task };
}

async function countRequests(run: () => Promise<void>): Promise<number> {
  const before = changes.exchange.requests.length;
  await run();
  return changes.exchange.requests.length - before;
}

/** A little after one of the requests that there usually are, whichever. */
async function randomMoment(usual: number): Promise<void> {
  const [request, pauseMs] = [1 + Math.floor(random() * usual), random() * 40];
  await changes.untilAsked(request);
  await delay(pauseMs);
}

async function expectDone({ operationId, name, members }: List): Promise<void> {
  const result = await changes.awaitResult((each) => each.operationId === operationId && each.final);
  expect(result).toMatchObject({ outcome: "succeeded", members: [{ outcome: "added" }] });
  const made = tenant.records.filter((record) => record.name === name);
  expect(made.map(({ group }) => [...(group?.members ?? [])].map(({ guid }) => guid))).toEqual([members]);
}
