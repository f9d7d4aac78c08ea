import { randomUUID } from "node:crypto";
import { afterEach, expect, test } from "vitest";
import { generateTenant } from "#local/exchange/tenant/generate";
import type { Tenant } from "#local/exchange/tenant/tenant";
import { type Gateway, startGateway } from "#test/support/gateway";

let gateway: Gateway;

afterEach(() => gateway.stop());

test("publishes exactly the tenant's users once each from both sources, however many there are", {
  timeout: 60_000,
}, async () => {
  const tenant = generateTenant({ users: 0, groups: 5, seed: 1 });
  gateway = await startGateway({ tenant });

  for (const users of [0, 1, 999, 1_000, 1_001]) {
    addUsers(tenant, users - userIds(tenant).length);
    for (const source of ["recipients", "users"]) {
      process.env.GATEWAY_USER_SOURCE = source;
      const answer = await gateway.ingestUsers();
      expect(answer).toMatchObject({ status: "published", kind: "users", rows: users, duplicates: 0, rejected: 0 });
      expectEveryUserOnce(tenant);
    }
  }
});

const surnames = [..."王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹"];

test.each([
  { names: "all GUIDs", nameOf: () => randomUUID() },
  { names: "all Chinese", nameOf: (number: number) => `${surnames[number % surnames.length]}小明${number}` },
  { names: "all beginning alike", nameOf: (number: number) => `Annalena ${(number * 7_919) % 100_003}` },
])("publishes 25,000 users whose names are $names, whole by construction", { timeout: 90_000 }, async ({ nameOf }) => {
  const tenant = generateTenant({ users: 0, groups: 5, seed: 2 });
  tenant.addUsers(Array.from({ length: 25_000 }, (_, number) => ({ name: nameOf(number) })));
  gateway = await startGateway({ tenant });

  const answer = await gateway.ingestUsers();

  expect(answer).toMatchObject({ status: "published", rows: 25_000, rejected: 0 });
  expectEveryUserOnce(tenant);
  const partitions = gateway.readManifest()?.partitions ?? [];
  expect(partitions.every(({ reading, rows }) => reading === "whole" && rows < 1_000)).toBe(true);
});

function addUsers(tenant: Tenant, count: number): void {
  const before = tenant.records.length;
  tenant.addUsers(Array.from({ length: count }, (_, number) => ({ name: `Person ${before + number}` })));
}

function expectEveryUserOnce(tenant: Tenant): void {
  const published = gateway.readPublished().map((user) => user.id);
  expect(published.toSorted()).toEqual(userIds(tenant));
}

/** Ids of everybody who counts as a user in both sources. */
function userIds(tenant: Tenant): string[] {
  return tenant.records
    .filter((record) => isUser(record.recipientTypeDetails))
    .map((record) => record.guid.toLowerCase())
    .sort();
}

function isUser(type: string): boolean {
  return /^(User|Linked|Legacy|RemoteUser)Mailbox$|^(Guest)?MailUser$/.test(type);
}
