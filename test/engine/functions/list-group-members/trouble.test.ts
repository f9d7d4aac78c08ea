import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import type { DirectoryRecord } from "#local/exchange/tenant/directory-record";
import { generateTenant } from "#local/exchange/tenant/generate";
import { eventually } from "#test/support/eventually";
import { type Gateway, startGateway } from "#test/support/gateway";
import { holdTime } from "#test/support/held-time";
import { onlyChild } from "#test/support/only-child";
import { addList, addPerson } from "#test/support/populate";

/** A little more than a look-up takes at most, and less than it takes to end a PowerShell that does not stop. */
const lookUpMs = 26_000;

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
    gateway.exchange.faults.add({ name, cmdlet, ...(name === "throttle" ? { value: 1 } : {}) });

    // The second time it is asked, PowerShell knows what became of the first.
    await expectRefusal({ code, retryable: true }, { cmdlet, times: 2 });

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

  await expectRefusal({ code: "POWERSHELL_TIMEOUT" }, { cmdlet: "Get-DistributionGroup", times: 1 });

  expect(await ask()).toMatchObject({ status: "found", isMember: true });
  expect(onlyChild()).toBe(powershell);
});

function ask() {
  return gateway.listGroupMembers({ group: list.guid, member: person.guid });
}

/** Lets the time of a look-up pass once Exchange has been asked so often, unless it has ended, and puts Exchange right again. */
async function expectRefusal(expected: object, { cmdlet, times }: { cmdlet: string; times: number }): Promise<void> {
  const { faults, requests } = gateway.exchange;
  const before = requests.length;
  const passTime = holdTime();

  let isOver = false;
  const asking = ask().finally(() => {
    isOver = true;
  });
  const refusal = expect(asking).rejects.toMatchObject(expected);
  const isAbout = (each: (typeof requests)[number]) => (each.cmdlet ?? "Get-EXORecipient") === cmdlet;
  await eventually(() => isOver || requests.slice(before).filter(isAbout).length >= times);
  await passTime(lookUpMs);
  await refusal;

  vi.useRealTimers();
  faults.clear();
}
