import { expect } from "vitest";
import type { Tenant } from "#local/exchange/tenant/tenant";
import type { Changes } from "#test/support/changes";

/** One more person is added to a list of so many, and none of the others is asked for. */
export async function expectNobodyListed(changes: Changes, tenant: Tenant, size: number): Promise<void> {
  const people = tenant.addUsers(Array.from({ length: size }, (_, number) => ({ name: `Crowd ${number}` })));
  const group = tenant.addGroup({ name: "Everybody" });
  for (const person of people) group.group?.members.add(person);
  const newcomer = tenant.addUser({ name: "Newcomer" });
  await changes.request("add-group-members", { group: "no such list", members: ["nobody"] }); // opens the session
  const before = changes.exchange.requests.length;

  const result = await changes.request("add-group-members", { group: group.guid, members: [newcomer.guid] });

  const asked = changes.exchange.requests.slice(before).map(({ cmdlet }) => cmdlet);
  expect(result).toMatchObject({ outcome: "succeeded", members: [{ outcome: "added" }] });
  expect(asked).toEqual([
    "Get-EXORecipient",
    "Get-DistributionGroup",
    "Get-EXORecipient",
    "Get-DistributionGroup",
    "Add-DistributionGroupMember",
    "Get-DistributionGroup",
  ]);
}
