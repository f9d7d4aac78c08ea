import { afterEach, expect, test } from "vitest";
import { generateTenant } from "#local/exchange/tenant/generate";
import type { Tenant } from "#local/exchange/tenant/tenant";
import { type Gateway, startGateway } from "#test/support/gateway";

let gateway: Gateway;

afterEach(() => gateway.stop());

const sources = ["recipients", "users"] as const;
const sizes = [0, 1, 999, 1_000, 1_001, 25_000];
const cases = sources.flatMap((source) => sizes.map((users) => ({ source, users })));

test.each(cases)(
  "publishes exactly the tenant's $users users once each from $source",
  { timeout: 60_000 },
  async ({ source, users }) => {
    const tenant = generateTenant({ users, groups: 5, seed: users });
    gateway = await startGateway({ tenant });
    process.env.GATEWAY_USER_SOURCE = source;

    const answer = await gateway.ingestUsers();

    const published = gateway.readPublished().map((user) => user.id);
    expect(answer).toMatchObject({ status: "published", kind: "users", rows: users, duplicates: 0, rejected: 0 });
    expect(published).toHaveLength(users);
    expect(published.toSorted()).toEqual(userIds(tenant));
  },
);

/** Ids of everybody who counts as a user in both sources. */
function userIds(tenant: Tenant): string[] {
  const isUser = (type: string) => /^(User|Linked|Legacy|RemoteUser)Mailbox$|^(Guest)?MailUser$/.test(type);
  return tenant.records
    .filter((record) => isUser(record.recipientTypeDetails))
    .map((record) => record.guid.toLowerCase())
    .sort();
}
