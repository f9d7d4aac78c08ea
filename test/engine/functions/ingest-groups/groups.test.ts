import { afterAll, beforeAll, expect, test } from "vitest";
import { generateTenant } from "#local/exchange/tenant/generate";
import { distributionGroupTypes } from "#local/exchange/tenant/recipient-types";
import type { Tenant } from "#local/exchange/tenant/tenant";
import { type Gateway, startGateway } from "#test/support/gateway";

let gateway: Gateway;
let tenant: Tenant;

beforeAll(async () => {
  tenant = generateTenant({ users: 200, groups: 150, seed: 3 });
  gateway = await startGateway({ tenant });
});

afterAll(() => gateway.stop());

test("publishes groups as the tenant has them", async () => {
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
  await gateway.closeSession();
  gateway.exchange.app.rights = {
    withoutParameters: { "Get-DistributionGroup": ["IncludeManagedByWithDisplayNames"] },
  };

  await gateway.ingestGroups();

  const groups = gateway.readPublished("groups");
  expect(groups).toHaveLength(groupsOf(tenant).length);
  expect(groups.filter((group) => "ownerNames" in group && (group.owners as string[]).length > 0)).toEqual([]);
});

test("publishes no empty snapshot at a first run, unless that is wanted", async () => {
  for (const group of groupsOf(tenant)) tenant.removeObject(group);
  gateway.remove("snapshots/groups/latest.json");

  await expect(gateway.ingestGroups()).rejects.toMatchObject({ code: "SNAPSHOT_EMPTY" });

  expect(gateway.readLatest("groups")?.published).toBeNull();
  expect(await gateway.ingestGroups({ allowShrinkTo: 0 })).toMatchObject({ status: "published", rows: 0 });
});

function groupsOf(tenant: Tenant) {
  return tenant.records.filter(({ recipientTypeDetails }) => distributionGroupTypes.includes(recipientTypeDetails));
}
