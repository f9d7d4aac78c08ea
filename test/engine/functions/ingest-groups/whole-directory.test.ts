import { afterEach, expect, test } from "vitest";
import { generateTenant } from "#local/exchange/tenant/generate";
import { distributionGroupTypes } from "#local/exchange/tenant/recipient-types";
import type { Tenant } from "#local/exchange/tenant/tenant";
import { type Gateway, startGateway } from "#test/support/gateway";

let gateway: Gateway;

afterEach(() => gateway.stop());

test("publishes exactly the tenant's groups once each, however many there are", { timeout: 120_000 }, async () => {
  const tenant = generateTenant({ users: 30, groups: 0, seed: 1 });
  gateway = await startGateway({ tenant });

  for (const groups of [0, 1, 1_000, 1_001, 4_800]) {
    for (let number = groupsOf(tenant).length; number < groups; number += 1) {
      tenant.addGroup({ name: `${"smaj"[number % 4]} list ${(number * 7_919) % 100_003}` });
    }
    const answer = await gateway.ingestGroups();
    expect(answer).toMatchObject({ status: "published", kind: "groups", rows: groups, duplicates: 0, rejected: 0 });
    const published = gateway.readPublished("groups").map(({ id }) => id);
    expect(published.toSorted()).toEqual(
      groupsOf(tenant)
        .map(({ guid }) => guid)
        .sort(),
    );
  }
});

test("publishes groups as the tenant has them", async () => {
  const tenant = generateTenant({ users: 200, groups: 150, seed: 3 });
  gateway = await startGateway({ tenant });

  await gateway.ingestGroups();

  const groups = groupsOf(tenant);
  const byId = new Map(groups.map((group) => [group.guid, group]));
  for (const published of gateway.readPublished("groups")) {
    const record = byId.get(String(published.id));
    expect(published).toMatchObject({
      displayName: record?.displayName,
      name: record?.name,
      alias: record?.alias,
      primaryAddress: record?.primarySmtpAddress,
      recipientType: record?.recipientTypeDetails,
      owners: record?.group?.managedBy.map(({ name }) => name),
      joinRestriction: record?.group?.memberJoinRestriction,
      departRestriction: record?.group?.memberDepartRestriction,
      isMasteredOnPremises: record?.isDirSynced,
      isHidden: record?.isHiddenFromAddressLists,
      requiresSenderAuthentication: record?.group?.requireSenderAuthenticationEnabled,
      isModerated: record?.group?.moderationEnabled,
      description: record?.group?.description,
      changedAt: new Date(record?.whenChangedMs ?? 0).toISOString(),
      createdAt: new Date(record?.whenCreatedMs ?? 0).toISOString(),
    });
  }
  expect(gateway.readManifest("groups")?.totals.byType).toEqual(
    Object.fromEntries(
      [...Map.groupBy(groups, (group) => group.recipientTypeDetails)].map(([type, all]) => [type, all.length]),
    ),
  );
});

test("reads groups for an app that may not ask for the names of owners", async () => {
  const tenant = generateTenant({ users: 50, groups: 20, seed: 4 });
  gateway = await startGateway({ tenant });
  gateway.exchange.app.rights = {
    withoutParameters: { "Get-DistributionGroup": ["IncludeManagedByWithDisplayNames"] },
  };

  await gateway.ingestGroups();

  const groups = gateway.readPublished("groups");
  expect(groups).toHaveLength(20);
  expect(groups.filter((group) => "ownerNames" in group && (group.owners as string[]).length > 0)).toEqual([]);
});

function groupsOf(tenant: Tenant) {
  return tenant.records.filter(({ recipientTypeDetails }) => distributionGroupTypes.includes(recipientTypeDetails));
}
