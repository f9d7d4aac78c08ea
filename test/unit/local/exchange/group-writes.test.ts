import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import type { Fault } from "#local/exchange/faults";
import { type LocalExchange, startExchange } from "#local/exchange/server";
import { generateTenant } from "#local/exchange/tenant/generate";
import { distinguishedNameOf } from "#local/exchange/tenant/tenant-address";
import { type AppClient, createAppClient } from "#test/support/app-client";

const cliXml = { headers: { "X-ResponseFormat": "clixml" } };

let exchange: LocalExchange;
let client: AppClient;
let count = 0;

beforeAll(async () => {
  exchange = await startExchange({ tenant: generateTenant({ users: 3, groups: 2, seed: 9 }) });
  client = createAppClient(exchange);
});

afterEach(() => {
  exchange.faults.clear();
  exchange.app.rights = {};
});

afterAll(() => exchange.stop());

test("answers a new group, as JSON or CLIXML", async () => {
  const name = newName();

  const json = await client.invoke("New-DistributionGroup", { Name: name, Alias: name });
  const xml = await client.invoke("New-DistributionGroup", { Name: `${name}-x` }, cliXml);

  expect(json.status).toBe(200);
  expect(json.json.value).toMatchObject([{ Name: name, Alias: name, "Guid@data.type": "System.Guid" }]);
  expect(xml.json.value).toHaveLength(1);
  expect(xml.json.value[0]._cliXml).toContain(`<S N="Name">${name}-x</S>`);
});

test("answers a member's addition with an empty list, which CLIXML writes out", async () => {
  const group = exchange.tenant.addGroup({ name: newName() });
  const [first, second] = exchange.tenant.addUsers([{ name: newName() }, { name: newName() }]);

  const json = await add(group.guid, first?.guid);
  const xml = await client.invoke(
    "Add-DistributionGroupMember",
    { Identity: group.guid, Member: second?.guid, BypassSecurityGroupManagerCheck: true },
    cliXml,
  );

  expect([json.status, json.json.value]).toEqual([200, []]);
  expect(xml.json.value).toEqual([{ _cliXml: expect.stringMatching(/^<Objs .*<LST><\/LST><\/Obj><\/Objs>$/) }]);
  expect(group.group?.members.size).toBe(2);
});

test("shows what was written everywhere", async () => {
  const { tenant } = exchange;
  const [name, inner] = [newName(), newName()];
  const user = tenant.addUser({ name: newName() });

  await client.invoke("New-DistributionGroup", { Name: inner, Members: [user.guid] });
  await client.invoke("New-DistributionGroup", { Name: name });
  await add(name, inner);

  const dn = (each: string) => distinguishedNameOf(tenant.address, each);
  const groups = (filter: string) => client.invoke("Get-DistributionGroup", { Filter: filter });
  const members = await client.invoke("Get-DistributionGroupMember", { Identity: name });
  const recipients = await client.recipients(`$select=Name&$filter=${encodeURIComponent(`Name eq '${name}'`)}`);
  expect(namesIn(await groups(`Members -eq '${dn(user.name)}'`))).toEqual([inner]);
  expect(namesIn(await groups(`MemberOfGroup -eq '${dn(name)}'`))).toEqual([inner]);
  expect(namesIn(members)).toEqual([inner]);
  expect(namesIn(recipients)).toEqual([name]);
});

test("cuts a long list of members, page by page and with a warning", async () => {
  const group = exchange.tenant.addGroup({ name: newName() });
  const users = exchange.tenant.addUsers(Array.from({ length: 5 }, () => ({ name: newName() })));
  for (const user of users) exchange.tenant.addMember(group, user);
  const headers = { prefer: "odata.maxpagesize=2" };
  const parameters = { Identity: group.guid, ResultSize: 3 };

  const first = await client.invoke("Get-DistributionGroupMember", parameters, { headers });
  const last = await client.invoke("Get-DistributionGroupMember", parameters, { link: first.json["@odata.nextLink"] });

  expect([namesIn(first).length, namesIn(last).length]).toEqual([2, 1]);
  expect(last.json["@adminapi.warnings"]).toEqual([expect.stringContaining("more results available")]);
});

test("lets the app run what its role has, with the parameters it has", async () => {
  const group = exchange.tenant.addGroup({ name: newName() });
  const user = exchange.tenant.addUser({ name: newName() });
  exchange.app.rights = {
    cmdlets: ["Add-DistributionGroupMember"],
    withoutParameters: { "Add-DistributionGroupMember": ["BypassSecurityGroupManagerCheck"] },
  };

  const forbidden = await client.invoke("New-DistributionGroup", { Name: newName() });
  const bypassing = await add(group.guid, user.guid);
  const plain = await client.invoke("Add-DistributionGroupMember", { Identity: group.guid, Member: user.guid });

  expect([forbidden.status, forbidden.bytes.every((byte) => byte === 0)]).toEqual([403, true]);
  expect(bypassing.headers["x-exceptiontype"]).toBe("AmbiguousParameterSetException");
  expect(plain.headers["x-exceptiontype"]).toBe("OperationRequiresGroupManagerException");
  expect(group.group?.members.size).toBe(0);
});

test("does not know a new group yet where told to, but keeps its name from others", async () => {
  const name = newName();
  const ask = async () => [
    await client.invoke("Get-DistributionGroup", { Identity: name }),
    await client.invoke("Get-DistributionGroupMember", { Identity: name }),
    await add(name, exchange.tenant.records.find(({ alias }) => alias !== "")?.guid),
    await client.recipients("ReadIdsAndParamsFromHeaders=True", {
      "XParameter-Identity": Buffer.from(name).toString("base64"),
    }),
  ];
  exchange.faults.add({ name: "late-objects", value: 60 });

  const made = await client.invoke("New-DistributionGroup", { Name: name });
  const again = await client.invoke("New-DistributionGroup", { Name: name });
  const early = await ask();
  const listed = await client.invoke("Get-DistributionGroup", { Filter: `Name -eq '${name}'` });
  exchange.faults.add({ name: "clock", value: 61 });
  const late = await ask();

  expect([made.status, namesIn(made)]).toEqual([200, [name]]);
  expect(again.headers["x-exceptiontype"]).toBe("NameNotAvailableException");
  expect(early.map(({ status }) => status)).toEqual([404, 404, 404, 404]);
  expect(namesIn(listed)).toEqual([]);
  expect(late.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
});

test.each<{ fault: Fault; status: number | string }>([
  { fault: { name: "gateway-timeout" }, status: 504 },
  { fault: { name: "unavailable" }, status: 503 },
  { fault: { name: "nul-403" }, status: 403 },
  { fault: { name: "reset" }, status: "ECONNRESET" },
])("loses the answer to a write that $fault.name meets, and does it only where told to", async ({ fault, status }) => {
  const group = exchange.tenant.addGroup({ name: newName() });
  const user = exchange.tenant.addUser({ name: newName() });
  const name = newName();
  const write = () =>
    Promise.all([
      client.invoke("New-DistributionGroup", { Name: name }).catch((error) => ({ status: error.code })),
      add(group.guid, user.guid).catch((error) => ({ status: error.code })),
    ]);

  const withheld = exchange.faults.add(fault);
  const answers = await write();
  const before = [exchange.tenant.records.some((each) => each.name === name), group.group?.members.size];
  exchange.faults.remove(withheld);
  exchange.faults.add({ ...fault, isCarriedOut: true, times: 2 });
  const lost = await write();
  const repeated = await write();

  expect([...answers, ...lost].map((answer) => answer.status)).toEqual([status, status, status, status]);
  expect(before).toEqual([false, 0]);
  expect(repeated).toMatchObject([
    { headers: { "x-exceptiontype": "NameNotAvailableException" } },
    { headers: { "x-exceptiontype": "MemberAlreadyExistsException" } },
  ]);
  expect(group.group?.members.size).toBe(1);
});

function newName(): string {
  count += 1;
  return `written-${String(count).padStart(3, "0")}`;
}

function add(identity: string, member: string | undefined) {
  return client.invoke("Add-DistributionGroupMember", {
    Identity: identity,
    Member: member,
    BypassSecurityGroupManagerCheck: true,
  });
}

function namesIn({ json }: { json: { value: { Name: string }[] } }): string[] {
  return json.value.map(({ Name }) => Name);
}
