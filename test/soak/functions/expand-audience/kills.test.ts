import { randomUUID } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { generateTenant } from "#local/exchange/tenant/generate";
import { createRandom } from "#local/exchange/tenant/random";
import { carryOutProgram, carryOutWhole, type Task } from "#test/support/carry-out";
import { type Changes, startChanges } from "#test/support/changes";
import { addCompany, expectEverybody } from "#test/support/company";
import { killPowerShell, runProgram } from "#test/support/kill";
import { messageBody } from "#test/support/message-event";
import { seed } from "#test/support/seed";

const killsOfPowerShell = 4;
const killsOfNode = 4;
const timeout = 20 * 60_000;

const { next: random } = createRandom(seed());

let changes: Changes;
let company: ReturnType<typeof addCompany>;

beforeAll(async () => {
  const tenant = generateTenant({ users: 5, groups: 2, seed: 9 });
  changes = await startChanges({ tenant, delayMs: 15 }, { functions: [] });
  company = addCompany(tenant, { teams: 15, people: 150 });
});

afterAll(() => changes.stop());

test("writes everybody once whenever PowerShell is killed", { timeout }, async () => {
  await carryOutWhole(newExpansion().task); // opens the session

  for (let number = 0; number < killsOfPowerShell; number += 1) {
    const expansion = newExpansion();
    const moment = randomMoment();
    const delivered = carryOutWhole(expansion.task);
    await Promise.race([moment, delivered]);
    killPowerShell();
    await delivered;
    await expectWhole(expansion);
  }
});

test("writes everybody once whenever Node is killed, and reads no list again that was kept", { timeout }, async () => {
  for (let number = 0; number < killsOfNode; number += 1) {
    const expansion = newExpansion();
    const before = readings();
    await runProgram(carryOutProgram, expansion.task, randomMoment());
    changes.endLeases();
    await carryOutWhole(expansion.task);
    await expectWhole(expansion);
    // The one that was being read when Node was killed, or had been read and was not kept yet.
    expect(readings() - before - company.groups).toBeLessThanOrEqual(1);
  }
});

function newExpansion() {
  const operationId = randomUUID();
  const task: Task = { action: "expand-audience", body: messageBody({ operationId, group: company.root.guid }) };
  return { operationId, task };
}

/** A little after one of the requests that there are at least, whichever. */
async function randomMoment(): Promise<void> {
  const [request, pauseMs] = [1 + Math.floor(random() * (company.groups + 1)), random() * 40];
  await changes.untilAsked(request);
  await delay(pauseMs);
}

function readings(): number {
  return changes.exchange.requests.filter(({ cmdlet }) => cmdlet === "Get-DistributionGroupMember").length;
}

async function expectWhole({ operationId }: { operationId: string }): Promise<void> {
  const result = await changes.awaitResult((each) => each.operationId === operationId && each.final);
  await expectEverybody(result, company);
}
