import process from "node:process";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import type { Fault } from "#local/exchange/faults";
import type { DirectoryRecord } from "#local/exchange/tenant/directory-record";
import { generateTenant } from "#local/exchange/tenant/generate";
import type { Tenant } from "#local/exchange/tenant/tenant";
import { eventually } from "#test/support/eventually";
import { type Gateway, startGateway } from "#test/support/gateway";
import { onlyChild } from "#test/support/only-child";
import { ingestAll } from "#test/support/whole-directory";

const users = 120;
const pageRows = 100;

let gateway: Gateway;
let tenant: Tenant;

beforeAll(async () => {
  tenant = generateTenant({ users, groups: 3, seed: 1 });
  gateway = await startGateway({ tenant, pageRows, repeatBaseMs: 5 });
});

beforeEach(() => gateway.remove("snapshots/users/latest.json"));

afterEach(() => gateway.exchange.faults.clear());

afterAll(() => gateway.stop());

test.each<{ trouble: string; fault: Fault }>([
  { trouble: "cuts every list at the end of its first page", fault: { name: "cut-list" } },
  { trouble: "repeats pages", fault: { name: "repeat-page" } },
  { trouble: "is asked too much once", fault: { name: "throttle", path: "/Recipient", after: 2, times: 1 } },
  { trouble: "answers 503 once", fault: { name: "unavailable", path: "/Recipient", after: 2, times: 1 } },
  { trouble: "answers an empty error once", fault: { name: "empty-error", path: "/Recipient", after: 1, times: 1 } },
  { trouble: "answers NUL bytes once", fault: { name: "nul-403", path: "/Recipient", after: 1, times: 1 } },
  { trouble: "resets a connection", fault: { name: "reset", path: "/Recipient", after: 3, times: 1 } },
])("publishes everybody once where Exchange $trouble", async ({ fault }) => {
  gateway.exchange.faults.add(fault);

  const answer = await ingestAll("users", pageRows);

  expect(answer).toMatchObject({ status: "published", rows: users });
  expect(publishedIds()).toEqual(idsOf(userRecords()));
});

test("publishes everybody once from Get-User too where Exchange cuts its lists", async () => {
  process.env.GATEWAY_USER_SOURCE = "users";
  gateway.exchange.faults.add({ name: "cut-list" });

  await ingestAll("users", pageRows);

  delete process.env.GATEWAY_USER_SOURCE;
  expect(publishedIds()).toEqual(idsOf(userRecords()));
});

test.each([0, 3])(
  "reads what PowerShell was killed in once more, after %i answers, and publishes everybody once",
  async (after) => {
    gateway.exchange.faults.add({ name: "hang", path: "/Recipient", after, times: 1 });

    const before = countRecipientRequests();
    const run = ingestAll("users", pageRows);
    run.catch(() => {});
    await eventually(() => countRecipientRequests() > before + after);
    process.kill(onlyChild(), "SIGKILL");

    expect(await run).toMatchObject({ status: "published", rows: users, duplicates: 0 });
    expect(publishedIds()).toEqual(idsOf(userRecords()));
  },
);

test("publishes nothing where an answer lacks people whom the last snapshot had", async () => {
  await ingestAll("users", pageRows);
  const before = gateway.readLatest();
  gateway.exchange.faults.add({ name: "short-list", value: 3, path: "/Recipient", times: 1 });

  await expect(ingestAll("users", pageRows)).rejects.toMatchObject({
    code: "SNAPSHOT_INCOMPLETE",
    message: expect.stringMatching(/^3 of the 120 objects .* 3 are still there: /),
  });

  expect(gateway.readLatest()).toEqual(before);
});

test("publishes nothing where Exchange refuses for good, and names the reason", async () => {
  gateway.exchange.faults.add({ name: "empty-error", path: "/Recipient", value: 400 });

  await expect(ingestAll("users", pageRows)).rejects.toThrow();

  expect(gateway.readLatest()?.published ?? null).toBeNull();
});

test.each(["recipients", "users"])(
  "publishes everybody who was there throughout from %s while people come, go and change their names",
  async (source) => {
    process.env.GATEWAY_USER_SOURCE = source;
    gateway.exchange.faults.add({ name: "slow", value: 40 });
    const before = userRecords();
    const everThere = new Set(idsOf(before));
    const removed = new Set<string>();

    const reading = { isGoingOn: true };
    const run = ingestAll("users", pageRows).finally(() => {
      reading.isGoingOn = false;
    });
    for (let step = 0; reading.isGoingOn; step += 1) {
      for (const id of changeTenant(before, removed, step)) everThere.add(id);
      await delay(15);
    }
    const answer = await run;

    delete process.env.GATEWAY_USER_SOURCE;
    const published = publishedIds();
    expect(answer.status).toBe("published");
    expect(removed.size).toBeGreaterThan(5);
    expect(new Set(published).size).toBe(published.length);
    expect(idsOf(before).filter((id) => !removed.has(id) && !published.includes(id))).toEqual([]);
    expect(published.filter((id) => !everThere.has(id))).toEqual([]);
  },
);

/** Somebody is renamed to the other end of the alphabet, somebody goes, somebody comes; answers who came. */
function changeTenant(before: readonly DirectoryRecord[], removed: Set<string>, step: number): string[] {
  const [renamed, gone] = [before.at(-1 - step), before.at(step * 7 + 3)];
  if (renamed && !removed.has(renamed.guid))
    tenant.renameUser(renamed, `0 renamed ${step} ${renamed.guid.slice(0, 8)}`);
  if (gone && !removed.has(gone.guid) && gone !== renamed) {
    tenant.removeObject(gone);
    removed.add(gone.guid);
  }
  return [tenant.addUser({ name: `m new ${Date.now()} ${step}` }).guid];
}

function publishedIds(): string[] {
  return gateway
    .readPublished()
    .map((user) => String(user.id))
    .sort();
}

function countRecipientRequests(): number {
  return gateway.exchange.requests.filter((request) => request.path.endsWith("/Recipient")).length;
}

function userRecords(): DirectoryRecord[] {
  const isUser = (type: string) => /^(User|Linked|Legacy|RemoteUser)Mailbox$|^(Guest)?MailUser$/.test(type);
  return tenant.records.filter((record) => isUser(record.recipientTypeDetails));
}

function idsOf(records: readonly DirectoryRecord[]): string[] {
  return records.map(({ guid }) => guid).sort();
}
