import { randomUUID } from "node:crypto";
import { join } from "node:path";
import process from "node:process";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createExpandAudience } from "#audiences/expand-audience";
import { audienceManifestSchema } from "#audiences/manifest";
import { usualPace } from "#audiences/pace";
import type { DirectoryRecord } from "#local/exchange/tenant/directory-record";
import { generateTenant } from "#local/exchange/tenant/generate";
import { createRandom } from "#local/exchange/tenant/random";
import { handleMessage } from "#operations/handle-message";
import { type Message, maxReceiveCount } from "#operations/message";
import { openSurroundings } from "#operations/open-surroundings";
import { deadlineIn } from "#runtime/deadline";
import { ExchangeError } from "#runtime/exchange-error";
import { createObjectStore } from "#runtime/object-store";
import { readPages } from "#runtime/read-page";
import { type Changes, startChanges } from "#test/support/changes";
import { killPowerShell, runProgram, timeOf } from "#test/support/kill";
import { messageOf } from "#test/support/message-of";
import { createTestClient } from "#test/support/storage";

const killsOfPowerShell = 4;
const killsOfNode = 2;
const teamCount = 15;
const peopleCount = 150;
const program = join(import.meta.dirname, "programs", "expand-audience.ts");
/** What was read is kept at the end of every group. */
const skill = createExpandAudience({ ...usualPace, checkpointRows: 0, retryPausesMs: [] });

const seed = Date.now() % 100_000;
const { next: random } = createRandom(seed);

let gateway: Changes;
let root: DirectoryRecord;
let everybody: string[];

beforeAll(async () => {
  console.info(`seed ${seed}`);
  const tenant = generateTenant({ users: 5, groups: 2, seed: 9 });
  gateway = await startChanges({ tenant, delayMs: 15 }, { functions: [] });
  root = tenant.addGroup({ name: "Company" });
  const teams = Array.from({ length: teamCount }, (_, number) => tenant.addGroup({ name: `Team ${number}` }));
  const people = tenant.addUsers(Array.from({ length: peopleCount }, (_, number) => ({ name: `Person ${number}` })));
  teams.forEach((team, place) => {
    tenant.addMember(teams[Math.floor(place / 3) - 1] ?? root, team);
  });
  people.forEach((person, place) => {
    tenant.addMember(teams[place % teams.length] ?? root, person);
  });
  everybody = [...teams, ...people].map(({ guid }) => guid).sort();
});

afterAll(() => gateway.stop());

test("writes everybody once whenever PowerShell is killed", { timeout: 120_000 }, async () => {
  const usualMs = await timeOf(() => deliver(newMessage()));

  for (let number = 0; number < killsOfPowerShell; number += 1) {
    const message = newMessage();
    const delivered = deliver(message);
    await delay(random() * usualMs);
    killPowerShell();
    await delivered;
    await expectWhole(message);
  }
});

test("writes everybody once whenever Node is killed, and reads no list again that was kept", {
  timeout: 120_000,
}, async () => {
  const usualMs = await timeOf(() => runProgram(program, newMessage()));

  for (let number = 0; number < killsOfNode; number += 1) {
    const message = newMessage();
    const before = gateway.exchange.requests.length;
    await runProgram(program, message, usualMs * (0.4 + random() * 0.6));
    gateway.endLeases();
    await deliver(message);
    await expectWhole(message);
    const asked = gateway.exchange.requests
      .slice(before)
      .filter(({ cmdlet }) => cmdlet === "Get-DistributionGroupMember");
    // The one that was being read when Node was killed, or had been read and was not kept yet.
    expect(asked.length - (teamCount + 1)).toBeLessThanOrEqual(1);
  }
});

function newMessage(): Message {
  return messageOf({ operationId: randomUUID(), requestedAt: new Date().toISOString(), group: root.guid });
}

/** Carries the message out, as often as it is to come again. */
async function deliver(message: Message): Promise<void> {
  for (let receives = 1; receives <= maxReceiveCount; receives += 1) {
    const received = messageOf(message.body, receives);
    const { batchItemFailures } = await handleMessage(received, skill, openSurroundings(deadlineIn(60_000)));
    if (batchItemFailures.length === 0) return;
  }
}

async function expectWhole({ body }: Message): Promise<void> {
  const { operationId } = JSON.parse(body);
  const result = await gateway.awaitResult((each) => each.operationId === operationId && each.final);
  expect(result).toMatchObject({
    outcome: "succeeded",
    audience: { members: teamCount + peopleCount, groups: teamCount + 1 },
  });

  const { pages } = audienceManifestSchema.parse(JSON.parse(String(gateway.read(result.audience?.manifestKey ?? ""))));
  const s3 = createTestClient(gateway.s3.url);
  const store = createObjectStore({ bucket: process.env.GATEWAY_BUCKET ?? "", s3 });
  const corrupt = (key: string, problem: string) => new ExchangeError("STORAGE_CORRUPT", `${key} ${problem}`);
  const ids = await Array.fromAsync(readPages(store, pages, { corrupt }), ({ id }) => id);
  s3.destroy();
  expect(ids.sort()).toEqual(everybody);
}
