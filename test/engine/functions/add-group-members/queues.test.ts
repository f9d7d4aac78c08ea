import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { generateTenant } from "#local/exchange/tenant/generate";
import type { Tenant } from "#local/exchange/tenant/tenant";
import { type Changes, startChanges } from "#test/support/changes";

const crowd = 100_000;

let changes: Changes;
let tenant: Tenant;

beforeAll(async () => {
  tenant = generateTenant({ users: 5, groups: 2, seed: 10 });
  changes = await startChanges({ tenant });
});

afterEach(() => changes.exchange.faults.clear());

afterAll(() => changes.stop());

test("adds one person to a list of 100,000 without listing anybody", { timeout: 60_000 }, async () => {
  const people = tenant.addUsers(Array.from({ length: crowd }, (_, number) => ({ name: `Crowd ${number}` })));
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
});

test("keeps the order of one list's changes while another's go on beside them", { timeout: 60_000 }, async () => {
  const [slow, other] = [tenant.addGroup({ name: "Slow" }), tenant.addGroup({ name: "Other" })];
  const ended: string[] = [];
  const add = async (label: string, group: string, messageGroup: string) => {
    const members = [tenant.addUser({ name: `Member ${label}` }).guid];
    await changes.request("add-group-members", { group, members }, { messageGroup });
    ended.push(label);
  };
  const letComeAgain = changes.delivery.holdBack();
  changes.exchange.faults.add({ name: "throttle", cmdlet: "Add-DistributionGroupMember", times: 6 });

  const first = add("slow 1", slow.guid, "slow");
  await vi.waitUntil(() => changes.delivery.waiting.length === 1, 15_000);
  changes.exchange.faults.clear();
  const second = add("slow 2", slow.guid, "slow");
  await Promise.all([add("other 1", other.guid, "other"), add("other 2", other.guid, "other")]);
  await letComeAgain();
  await Promise.all([first, second]);

  expect(ended.filter((label) => label.startsWith("other"))).toEqual(["other 1", "other 2"]);
  expect(ended.filter((label) => label.startsWith("slow"))).toEqual(["slow 1", "slow 2"]);
  expect(ended.slice(2)).toEqual(["slow 1", "slow 2"]);
});
