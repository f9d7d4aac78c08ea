import { randomUUID } from "node:crypto";
import process from "node:process";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { listGroups } from "#directory/groups";
import { listUsers, nameUserSettings } from "#directory/users";
import { sharedClient } from "#exchange/shared-client";
import type { DirectoryRecord } from "#local/exchange/tenant/directory-record";
import { generateTenant } from "#local/exchange/tenant/generate";
import { distributionGroupTypes } from "#local/exchange/tenant/recipient-types";
import type { Tenant } from "#local/exchange/tenant/tenant";
import { readConfiguration } from "#runtime/configuration";
import { type Deadline, deadlineIn } from "#runtime/deadline";
import { ingest } from "#snapshots/ingest";
import { latestKey, type SnapshotKind, snapshotKinds } from "#snapshots/layout";
import { createObjectStore } from "#storage/object-store";
import { type Gateway, startGateway } from "#test/support/gateway";

/** How large a directory is, in pages of so many rows. */
type Size = { pageRows: number; pages: number };

const surnames = [..."王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹"];

/** Proves at any size that snapshots hold exactly what the tenant does, read by real PowerShell. */
export function describeWholeDirectories({ pageRows, pages }: Size): void {
  let gateway: Gateway;
  let tenant: Tenant;

  beforeAll(async () => {
    tenant = generateTenant({ users: 0, groups: 0, seed: 2 });
    gateway = await startGateway({ tenant, pageRows });
  });

  afterEach(() => {
    for (const record of [...tenant.records]) tenant.removeObject(record);
    for (const kind of snapshotKinds) gateway.remove(latestKey(kind));
    process.env.GATEWAY_USER_SOURCE = "recipients";
  });

  afterAll(() => gateway.stop());

  describe(`with ${pageRows} rows a page`, () => {
    test("publishes exactly the tenant's users once each from both sources, however many there are", async () => {
      for (const users of [0, 1, pageRows - 1, pageRows, pageRows + 1]) {
        addUsers(tenant, users - usersOf(tenant).length, (number) => `Person ${users} ${number}`);
        for (const source of ["recipients", "users"]) {
          process.env.GATEWAY_USER_SOURCE = source;
          const answer = await ingestAll("users", pageRows, { allowShrinkTo: users });
          expect(answer).toMatchObject({ status: "published", kind: "users", rows: users, duplicates: 0, rejected: 0 });
          expect(publishedIds(gateway, "users")).toEqual(userIds(tenant));
        }
      }
    });

    test.each([
      { names: "all GUIDs", nameOf: () => randomUUID() },
      { names: "all Chinese", nameOf: (number: number) => `${surnames[number % surnames.length]}小明${number}` },
      { names: "all beginning alike", nameOf: (number: number) => `Annalena ${(number * 7_919) % 100_003}` },
    ])(`publishes ${pages} pages of users whose names are $names, whole by construction`, async ({ nameOf }) => {
      const users = pages * pageRows;
      addUsers(tenant, users, nameOf);

      const answer = await ingestAll("users", pageRows);

      expect(answer).toMatchObject({ status: "published", rows: users, rejected: 0 });
      expect(publishedIds(gateway, "users")).toEqual(userIds(tenant));
      const partitions = gateway.readManifest()?.partitions ?? [];
      expect(partitions.every(({ reading, rows }) => reading === "whole" && rows < pageRows)).toBe(true);
    });

    test("publishes exactly the tenant's groups once each, however many there are", async () => {
      for (const groups of [0, 1, pageRows, pageRows + 1, Math.ceil(pages / 5) * pageRows - 200 * (pageRows / 1_000)]) {
        for (let number = groupIds(tenant).length; number < groups; number += 1) {
          tenant.addGroup({ name: `${"smaj"[number % 4]} list ${(number * 7_919) % 100_003}` });
        }
        const answer = await ingestAll("groups", pageRows, { allowShrinkTo: groups });
        expect(answer).toMatchObject({ status: "published", kind: "groups", rows: groups, duplicates: 0, rejected: 0 });
        expect(publishedIds(gateway, "groups")).toEqual(groupIds(tenant));
      }
    });
  });
}

type Knowingly = { allowShrinkTo?: number; deadline?: Deadline };

/** Ingests as the functions do, from an Exchange with pages of this size, and asks again at once where that may help. */
export function ingestAll(kind: SnapshotKind, pageRows: number, knowingly: Knowingly = {}) {
  const { bucket, shrinkPercent, userSource, userInclude, ...connection } = readConfiguration();
  const client = sharedClient(connection);
  const settings = { source: userSource, include: userInclude };
  const what =
    kind === "users"
      ? { source: nameUserSettings(settings), directory: listUsers(client, settings) }
      : { source: "distributionGroups", directory: listGroups(client) };
  const store = createObjectStore({ bucket });
  return ingest({
    kind,
    ...what,
    store,
    pageRows,
    dryRun: false,
    shrinkPercent,
    deadline: deadlineIn(600_000),
    retryPausesMs: [1, 1, 1],
    ...knowingly,
  });
}

function publishedIds(gateway: Gateway, kind: SnapshotKind): string[] {
  return gateway
    .readPublished(kind)
    .map(({ id }) => String(id))
    .sort();
}

function addUsers(tenant: Tenant, count: number, nameOf: (number: number) => string): void {
  tenant.addUsers(Array.from({ length: count }, (_, number) => ({ name: nameOf(number) })));
}

/** Everybody who counts as a user in both sources. */
function usersOf(tenant: Tenant): DirectoryRecord[] {
  const isUser = (type: string) => /^(User|Linked|Legacy|RemoteUser)Mailbox$|^(Guest)?MailUser$/.test(type);
  return tenant.records.filter(({ recipientTypeDetails }) => isUser(recipientTypeDetails));
}

function userIds(tenant: Tenant): string[] {
  return idsOf(usersOf(tenant));
}

function groupIds(tenant: Tenant): string[] {
  const types: readonly string[] = distributionGroupTypes;
  return idsOf(tenant.records.filter(({ recipientTypeDetails }) => types.includes(recipientTypeDetails)));
}

function idsOf(records: readonly DirectoryRecord[]): string[] {
  return records.map(({ guid }) => guid.toLowerCase()).sort();
}
