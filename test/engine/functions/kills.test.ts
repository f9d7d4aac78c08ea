import { randomUUID } from "node:crypto";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { generateTenant } from "#local/exchange/tenant/generate";
import type { Tenant } from "#local/exchange/tenant/tenant";
import { carryOutProgram, carryOutWhole, type Task } from "#test/support/carry-out";
import { type Changes, startChanges } from "#test/support/changes";
import { addCompany, expectEverybody } from "#test/support/company";
import { eventually } from "#test/support/eventually";
import { killPowerShell, runProgram } from "#test/support/kill";
import { messageBody } from "#test/support/message-event";

let changes: Changes;
let tenant: Tenant;

beforeAll(async () => {
  tenant = generateTenant({ users: 5, groups: 2, seed: 9 });
  changes = await startChanges({ tenant }, { functions: [] });
});

afterEach(() => changes.exchange.faults.clear());

afterAll(() => changes.stop());

test("adds a member once where PowerShell is killed after Exchange has added it", async () => {
  const [group, member] = [tenant.addGroup({ name: "Crew" }), tenant.addUser({ name: "Ada" })];
  const { operationId, task } = newTask("add-group-members", { group: group.guid, members: [member.guid] });
  changes.exchange.faults.add({ name: "hang", cmdlet: "Add-DistributionGroupMember", isCarriedOut: true, times: 1 });

  const delivered = carryOutWhole(task);
  await eventually(() => group.group?.members.has(member));
  killPowerShell();
  await delivered;

  expect(await resultOf(operationId)).toMatchObject({ outcome: "succeeded", members: [{ outcome: "added" }] });
  expect(requestsOf("Add-DistributionGroupMember")).toBe(1);
});

test("makes a list once where PowerShell is killed before Exchange has made it", async () => {
  const { operationId, task } = newTask("create-group", {
    name: "Early",
    owners: [tenant.addUser({ name: "O" }).guid],
  });
  changes.exchange.faults.add({ name: "hang", cmdlet: "New-DistributionGroup", times: 1 });

  const asked = changes.hold("New-DistributionGroup");
  asked.letGo();
  const delivered = carryOutWhole(task);
  await asked.asked;
  killPowerShell();
  await delivered;

  expect(await resultOf(operationId)).toMatchObject({ outcome: "succeeded", attempts: 2 });
  expect(tenant.records.filter(({ name }) => name === "Early")).toHaveLength(1);
});

test("makes and fills a list once where Node is killed after Exchange has made it", async () => {
  const [owner, member] = [tenant.addUser({ name: "Owner" }), tenant.addUser({ name: "Member" })];
  const { operationId, task } = newTask("create-group", { name: "Late", owners: [owner.guid], members: [member.guid] });
  const made = () => tenant.records.filter(({ name }) => name === "Late");
  changes.exchange.faults.add({ name: "hang", cmdlet: "New-DistributionGroup", isCarriedOut: true, times: 1 });

  const before = requestsOf("New-DistributionGroup");
  await runProgram(
    carryOutProgram,
    task,
    eventually(() => made().length > 0),
  );
  changes.endLeases();
  await carryOutWhole(task);

  expect(await resultOf(operationId)).toMatchObject({ outcome: "succeeded", members: [{ outcome: "added" }] });
  expect(made().map(({ group }) => [...(group?.members ?? [])])).toEqual([[member]]);
  expect(requestsOf("New-DistributionGroup") - before).toBe(1);
});

test("writes everybody once where Node is killed, and reads no list again that was kept", async () => {
  const company = addCompany(tenant, { teams: 5, people: 20 });
  const { operationId, task } = newTask("expand-audience", { group: company.root.guid });
  const reading = changes.hold("Get-DistributionGroupMember", 4);

  await runProgram(carryOutProgram, task, reading.asked);
  changes.endLeases();
  await carryOutWhole(task);

  await expectEverybody(await resultOf(operationId), company);
  expect(requestsOf("Get-DistributionGroupMember")).toBe(company.groups + 1); // that one, twice
});

function newTask(action: Task["action"], fields: object) {
  const operationId = randomUUID();
  return { operationId, task: { action, body: messageBody({ operationId, ...fields }) } };
}

function resultOf(operationId: string) {
  return changes.awaitResult((each) => each.operationId === operationId && each.final);
}

function requestsOf(cmdlet: string): number {
  return changes.exchange.requests.filter((request) => request.cmdlet === cmdlet).length;
}
