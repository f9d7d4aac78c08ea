import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { Context } from "aws-lambda";
import { afterAll, beforeAll, expect, test } from "vitest";
import { handler } from "#functions/create-group/handler";
import { generateTenant } from "#local/exchange/tenant/generate";
import { createRandom } from "#local/exchange/tenant/random";
import type { Tenant } from "#local/exchange/tenant/tenant";
import { maxReceiveCount } from "#operations/message";
import { type Changes, startChanges } from "#test/support/changes";
import { killPowerShell, runProgram, timeOf } from "#test/support/kill";
import { messageEvent } from "#test/support/message-event";

const killsOfPowerShell = 13;
const killsOfNode = 7;
const program = join(import.meta.dirname, "programs", "create-group.ts");
const faults = ["nul-403", "reset", "malformed", "unavailable"] as const;

const seed = Date.now() % 100_000;
const { next: random, pick } = createRandom(seed);

let changes: Changes;
let tenant: Tenant;
let count = 0;

beforeAll(async () => {
  console.info(`seed ${seed}`);
  tenant = generateTenant({ users: 5, groups: 2, seed: 9 });
  changes = await startChanges({ tenant, delayMs: 15 });
});

afterAll(() => changes.stop());

test("makes and fills each list once whenever PowerShell is killed and answers are lost", {
  timeout: 120_000,
}, async () => {
  const usualMs = await timeOf(() => deliver(describeList()));

  for (let number = 0; number < killsOfPowerShell; number += 1) {
    const list = describeList();
    const cmdlet = pick(["New-DistributionGroup", "Add-DistributionGroupMember"]);
    if (random() < 0.5) changes.exchange.faults.add({ name: pick(faults), cmdlet, isCarriedOut: true, times: 1 });
    const delivered = deliver(list);
    await delay(random() * usualMs);
    killPowerShell();
    await delivered;
    changes.exchange.faults.clear();
    await expectDone(list);
  }
});

test("makes and fills each list once whenever Node is killed", { timeout: 120_000 }, async () => {
  const usualMs = await timeOf(() => runProgram(program, eventOf(describeList())));

  for (let number = 0; number < killsOfNode; number += 1) {
    const list = describeList();
    await runProgram(program, eventOf(list), usualMs * (0.3 + random() * 0.7));
    changes.endLeases();
    await deliver(list);
    await expectDone(list);
  }
});

type List = ReturnType<typeof describeList>;

function describeList() {
  count += 1;
  const [owner, member] = [1, 2].map((part) => tenant.addUser({ name: `person ${count}.${part}` }));
  return {
    operationId: randomUUID(),
    requestedAt: new Date().toISOString(),
    requestedBy: "anna@contoso.com",
    name: `list ${count}`,
    owners: [owner?.guid],
    members: [member?.guid],
  };
}

/** Gives the message to the handler, as often as it is to come again. */
async function deliver(list: List): Promise<void> {
  const context = { getRemainingTimeInMillis: () => 60_000 } as Context;
  for (let receives = 1; receives <= maxReceiveCount; receives += 1) {
    const { batchItemFailures } = await handler(eventOf(list, receives), context);
    if (batchItemFailures.length === 0) return;
  }
}

async function expectDone({ operationId, name, members }: List): Promise<void> {
  const result = await changes.awaitResult((each) => each.operationId === operationId && each.final);
  expect(result).toMatchObject({ outcome: "succeeded", members: [{ outcome: "added" }] });
  const made = tenant.records.filter((record) => record.name === name);
  expect(made.map(({ group }) => [...(group?.members ?? [])].map(({ guid }) => guid))).toEqual([members]);
}

function eventOf(list: List, receives = 1): object {
  return messageEvent("create-group", JSON.stringify(list), receives);
}
