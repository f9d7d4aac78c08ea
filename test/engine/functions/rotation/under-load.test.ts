import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { sharedClient } from "#exchange/shared-client";
import { generateTenant } from "#local/exchange/tenant/generate";
import type { Tenant } from "#local/exchange/tenant/tenant";
import { resultSchema } from "#operations/result";
import { readConfiguration } from "#runtime/configuration";
import { logger } from "#runtime/logger";
import { type Changes, startChanges } from "#test/support/changes";
import { onlyChild } from "#test/support/only-child";

const users = 2_000;
const changeCount = 100;

let changes: Changes;
let tenant: Tenant;

beforeAll(async () => {
  tenant = generateTenant({ users, groups: 0, seed: 12 });
  // Tokens this short are asked for with the certificate at every call.
  changes = await startChanges({ tenant, delayMs: 2, tokenLifeSeconds: 60 });
  sharedClient({ ...readConfiguration(), refreshMs: 500 });
});

afterAll(() => changes.stop());

test("a rotation under load loses nothing and fails nothing", { timeout: 90_000 }, async () => {
  const error = vi.spyOn(logger, "error");
  const groups = Array.from({ length: 10 }, (_, number) => tenant.addGroup({ name: `Group ${number}` }));
  const people = tenant.records.slice(0, changeCount);
  // None of them ends the rotation by ending first.
  changes.exchange.faults.add({ name: "slow", value: 200, cmdlet: "Add-DistributionGroupMember" });
  const rotation = { isGoingOn: true };

  const runs = ingestWhile(rotation);
  for (const [index, { guid }] of people.entries()) await sendChange(groups[index % groups.length]?.guid, guid);
  const results = receiveResults();
  await replaceSecret({ isRegistered: false });
  await vi.waitFor(() => expect(error).toHaveBeenCalled(), { timeout: 10_000 });
  await replaceSecret();
  await untilSignedIn(2);
  removeOldCertificates();
  await untilChanged(changed().length + 5);
  await replaceSecret();
  removeOldCertificates();
  await untilSignedIn(3);
  await untilChanged(changed().length + 5);
  rotation.isGoingOn = false;
  changes.exchange.faults.clear();

  expect(signIns()).toHaveLength(3);
  expect(changed().length).toBeLessThan(changeCount);
  const published = { status: "published", rows: users, rejected: 0 };
  expect(await runs).toEqual((await runs).map(() => expect.objectContaining(published)));
  expect(await results).toEqual(Array.from({ length: changeCount }, () => ["succeeded", 1]));
  expect(groups.map(({ group }) => group?.members.size)).toEqual(groups.map(() => changeCount / groups.length));
  expect(changed()).toHaveLength(changeCount);
  expect(error.mock.calls.map(([text]) => text)).toEqual([
    "The credential in the secret cannot be used: an earlier one is",
  ]);
  await vi.waitFor(onlyChild);
});

async function ingestWhile(rotation: { isGoingOn: boolean }) {
  const runs = [];
  while (rotation.isGoingOn) runs.push(await changes.ingestUsers());
  return runs;
}

async function sendChange(group: string | undefined, member: string): Promise<void> {
  const common = { operationId: randomUUID(), requestedAt: new Date().toISOString(), requestedBy: "anna@contoso.com" };
  await changes.send("add-group-members", JSON.stringify({ ...common, group, members: [member] }));
}

async function receiveResults() {
  await changes.awaitResult(() => changes.results.length >= changeCount, 60_000);
  return changes.results
    .map(({ text }) => resultSchema.parse(JSON.parse(text)))
    .map(({ outcome, attempts }) => [outcome, attempts]);
}

async function replaceSecret(options = {}): Promise<void> {
  changes.replaceSecret(JSON.stringify(await changes.exchange.app.issueSecret(options)));
}

/** Leaves the one that was uploaded last. */
function removeOldCertificates(): void {
  const { app } = changes.exchange;
  const newest = app.certificates.at(-1);
  app.unregisterAll();
  if (newest) app.register(newest);
}

async function untilChanged(count: number): Promise<void> {
  await vi.waitFor(() => expect(changed().length).toBeGreaterThanOrEqual(count), { timeout: 20_000 });
}

async function untilSignedIn(count: number): Promise<void> {
  await vi.waitFor(() => expect(signIns()).toHaveLength(count), { timeout: 20_000 });
}

function changed() {
  const { requests } = changes.exchange;
  return requests.filter(({ cmdlet, status }) => cmdlet === "Add-DistributionGroupMember" && status === 200);
}

/** Every session that was connected asked for its cmdlets. */
function signIns() {
  return changes.exchange.requests.filter(({ path, status }) => path.endsWith("/EXOModuleFile") && status === 200);
}
