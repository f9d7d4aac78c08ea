import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import type { DirectoryRecord } from "#local/exchange/tenant/directory-record";
import { generateTenant } from "#local/exchange/tenant/generate";
import { type Gateway, startGateway } from "#test/support/gateway";
import { onlyChild } from "#test/support/only-child";
import { addList, addPerson } from "#test/support/populate";

/** What is left of a function's time for a look-up of five seconds: less than a cmdlet repeats by itself. */
const shortMs = 10_000;

let gateway: Gateway;
let list: DirectoryRecord;
let person: DirectoryRecord;

beforeAll(async () => {
  const tenant = generateTenant({ users: 5, groups: 1, seed: 17 });
  person = addPerson(tenant);
  list = addList(tenant, [person]);
  gateway = await startGateway({ tenant });
  await ask();
});

afterEach(() => gateway.exchange.faults.clear());

afterAll(() => gateway.stop());

test.each([
  ["unavailable", "Get-EXORecipient", "EXCHANGE_TRANSIENT"],
  ["throttle", "Get-EXORecipient", "THROTTLED"],
  ["malformed", "Get-EXORecipient", "EXCHANGE_TRANSIENT"],
  ["unavailable", "Get-DistributionGroup", "EXCHANGE_TRANSIENT"],
  ["gateway-timeout", "Get-DistributionGroup", "EXCHANGE_TRANSIENT"],
  ["throttle", "Get-DistributionGroup", "THROTTLED"],
] as const)(
  "ends with the cause of %s from %s, and with a session for the next look-up",
  async (name, cmdlet, code) => {
    const powershell = onlyChild();
    gateway.exchange.faults.add({ name, cmdlet, ...(name === "throttle" ? { value: 30 } : {}) });

    await expect(ask(shortMs)).rejects.toMatchObject({ code, retryable: true });

    gateway.exchange.faults.clear();
    expect(await ask()).toMatchObject({ status: "found", isMember: true });
    expect(onlyChild()).toBe(powershell);
  },
);

test("asks again by itself where Exchange's trouble has passed", async () => {
  gateway.exchange.faults.add({ name: "unavailable", cmdlet: "Get-EXORecipient", times: 2 });

  expect(await ask()).toMatchObject({ status: "found", isMember: true });
});

test("stops a question that is not answered, and keeps the session", async () => {
  const powershell = onlyChild();
  gateway.exchange.faults.add({ name: "hang", cmdlet: "Get-DistributionGroup" });

  await expect(ask(shortMs)).rejects.toMatchObject({ code: "POWERSHELL_TIMEOUT" });

  gateway.exchange.faults.clear();
  expect(await ask()).toMatchObject({ status: "found", isMember: true });
  expect(onlyChild()).toBe(powershell);
});

function ask(limitMs?: number) {
  return gateway.listGroupMembers({ group: list.guid, member: person.guid }, limitMs);
}
