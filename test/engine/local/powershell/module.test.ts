import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { type LocalExchange, startExchange } from "#local/exchange/server";
import { generateTenant } from "#local/exchange/tenant/generate";
import { distinguishedNameOf } from "#local/exchange/tenant/tenant-address";
import { CmdletError } from "#powershell/calls";
import type { ParameterValue, Row } from "#powershell/frames";
import { type Connection, type PowerShellSession, startSession } from "#powershell/session";
import { deadlineIn } from "#runtime/deadline";

const folder = mkdtempSync(join(tmpdir(), "module-test-"));
const people = ["UserMailbox", "LinkedMailbox", "LegacyMailbox", "MailUser", "GuestMailUser", "RemoteUserMailbox"];
const served = [
  "Add-DistributionGroupMember",
  "Get-DistributionGroup",
  "Get-DistributionGroupMember",
  "Get-User",
  "New-DistributionGroup",
];

let exchange: LocalExchange;
let session: PowerShellSession;
let connection: Connection;

beforeAll(async () => {
  exchange = await startExchange({
    tenant: generateTenant({ users: 1_001, groups: 5, seed: 4 }),
    app: { rights: { withoutParameters: { "Get-User": ["IsVIP"] } } },
    repeatBaseMs: 10,
  });
  writeFileSync(join(folder, "ca.pem"), exchange.caCertificate);
  ({ session, connection } = await connect());
});

afterEach(() => exchange.faults.clear());

afterAll(async () => {
  await session.close();
  await exchange.stop();
  rmSync(folder, { recursive: true, force: true });
});

test("connecting shows the cmdlets and parameters that the app may use, and no others", () => {
  expect([...connection.commands.keys()].sort()).toEqual([...served, "Get-EXORecipient"].sort());
  expect(connection.commands.get("Get-User")).toContain("RecipientTypeDetails");
  expect(connection.commands.get("Get-User")).not.toContain("IsVIP");
  expect(connection.commands.get("Get-EXORecipient")).toContain("Properties");
});

test("Get-User gives every property with its type", async () => {
  const user = exchange.tenant.records.find(({ recipientTypeDetails }) => recipientTypeDetails === "UserMailbox");
  const select = [
    "Guid",
    "Name",
    "AccountDisabled",
    "WhenCreatedUTC",
    "RecipientTypeDetails",
    "ObjectClass",
    "NoSuchThing",
  ];

  const { rows } = await invoke("Get-User", { Identity: user?.guid ?? "" }, select);

  expect(rows).toEqual([
    {
      Guid: user?.guid,
      Name: user?.name,
      AccountDisabled: expect.any(Boolean),
      WhenCreatedUTC: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/),
      RecipientTypeDetails: "UserMailbox",
      ObjectClass: expect.arrayContaining(["user"]),
    },
  ]);
});

test("Get-DistributionGroup gives the groups that hold somebody, and their owners' addresses", async () => {
  const { tenant } = exchange;
  const person = tenant.addUser({ name: "O'Brien & Söhne", displayName: "Jo", primarySmtpAddress: "jo@contoso.com" });
  const group = tenant.addGroup({ name: "of-jo", group: { managedBy: [person] } });
  tenant.addMember(group, person);
  const dn = distinguishedNameOf(tenant.address, person.name).replaceAll("'", "''");

  const { rows } = await invoke(
    "Get-DistributionGroup",
    { Filter: `Members -eq '${dn}'`, IncludeManagedByWithDisplayNames: true },
    ["Guid", "GroupType", "ManagedBy", "ManagedByWithDisplayName"],
  );

  expect(rows).toEqual([
    {
      Guid: group.guid,
      GroupType: "Universal",
      ManagedBy: [person.name],
      ManagedByWithDisplayName: ["(jo@contoso.com, Jo)"],
    },
  ]);
  tenant.removeObject(group);
  tenant.removeObject(person);
});

test("groups are made, filled and listed, and a write is repeated after 503 and 504 even if it was done", async () => {
  const members = exchange.tenant.addUsers([{ name: "Ott, Anna" }, { name: "O'Brien" }]).map(({ name }) => name);
  exchange.faults.add({ name: "unavailable", cmdlet: "Add-DistributionGroupMember", times: 1 });
  exchange.faults.add({
    name: "gateway-timeout",
    cmdlet: "New-DistributionGroup",
    after: 1,
    times: 1,
    isCarriedOut: true,
  });

  const made = await invoke("New-DistributionGroup", { Name: "made", Members: members.slice(0, 1), BccBlocked: true }, [
    "Name",
    "BccBlocked",
  ]);
  const identity = { Identity: "made", BypassSecurityGroupManagerCheck: true, Confirm: false };
  const tried = await invoke("Add-DistributionGroupMember", { ...identity, Member: "O'Brien", WhatIf: true });
  const added = await invoke("Add-DistributionGroupMember", { ...identity, Member: "O'Brien", WhatIf: false });
  const listed = await invoke("Get-DistributionGroupMember", { Identity: "made", ResultSize: "Unlimited" }, ["Name"]);
  const repeated = await invoke("New-DistributionGroup", { Name: "made twice" }).catch((error) => error);

  expect(made.rows).toEqual([{ Name: "made", BccBlocked: true }]);
  expect([tried.rows, added.rows]).toEqual([[], []]);
  expect(listed.rows.map(({ Name }) => Name)).toEqual(members.toSorted());
  expect(repeated.errors[0].exceptions[0].message).toContain("NameNotAvailableException|");
  expect(exchange.tenant.records.some(({ name }) => name === "made twice")).toBe(true);
  for (const record of exchange.tenant.records) {
    if ([...members, "made", "made twice"].includes(record.name)) exchange.tenant.removeObject(record);
  }
});

test("Get-User warns of a cut answer, and Get-EXORecipient does not", async () => {
  const users = await invoke("Get-User", { RecipientTypeDetails: people });
  const recipients = await invoke("Get-EXORecipient", { RecipientTypeDetails: people });

  expect([users.rows.length, recipients.rows.length]).toEqual([1_000, 1_000]);
  expect(users.warnings).toEqual([expect.stringContaining("There are more results available")]);
  expect(recipients.warnings).toEqual([]);
});

test.each(["Get-User", "Get-EXORecipient"])("%s reads everybody once over several pages", async (cmdlet) => {
  const { rows, warnings } = await invoke(cmdlet, { RecipientTypeDetails: people, ResultSize: "Unlimited" }, ["Name"]);

  expect(new Set(rows.map(({ Name }) => Name)).size).toBe(1_001);
  expect([rows.length, warnings]).toEqual([1_001, []]);
});

test.each([
  { cmdlet: "Get-User", filter: "Name -like 'a*'" },
  { cmdlet: "Get-EXORecipient", filter: "Name -like 'a*'" },
  { cmdlet: "Get-User", filter: "-not (Name -like 'a*' -or Name -like 'b*')" },
  { cmdlet: "Get-EXORecipient", filter: "-not (Name -like 'a*' -or Name -like 'b*')" },
])("$cmdlet understands the filter $filter", async ({ cmdlet, filter }) => {
  const isWanted = (name: string) => (filter.startsWith("-not") ? !/^[ab]/i.test(name) : /^a/i.test(name));
  const options = { RecipientTypeDetails: people, ResultSize: "Unlimited" };

  const all = await invoke(cmdlet, options, ["Name"]);
  const found = await invoke(cmdlet, { ...options, Filter: filter }, ["Name"]);

  const wanted = all.rows.map(({ Name }) => String(Name)).filter(isWanted);
  expect(found.rows.map(({ Name }) => Name).sort()).toEqual(wanted.sort());
  expect(wanted.length).toBeGreaterThan(0);
});

test.each([
  { cmdlet: "Get-User", parameters: { Identity: "nobody@contoso.com" }, says: "ManagementObjectNotFoundException|" },
  {
    cmdlet: "Get-DistributionGroupMember",
    parameters: { Identity: "" },
    says: "ParameterBindingValidationException|",
  },
  { cmdlet: "Get-EXORecipient", parameters: { Identity: "nobody" }, says: "HttpStatusCode=404" },
  { cmdlet: "Get-EXORecipient", parameters: { Properties: ["UserPrincipalName"] }, says: "UserPrincipalName" },
])("$cmdlet fails with Exchange's own words: $says", async ({ cmdlet, parameters, says }) => {
  const failure = await invoke(cmdlet, parameters).catch((error) => error);

  expect(failure).toBeInstanceOf(CmdletError);
  expect(failure.errors[0].exceptions[0].message).toContain(says);
});

test("Get-User asks again after a 503, and Get-EXORecipient leaves that to whoever reads", async () => {
  exchange.faults.add({ name: "unavailable", cmdlet: "Get-User", times: 1 });
  exchange.faults.add({ name: "unavailable", cmdlet: "Get-EXORecipient", times: 1 });
  const options = { RecipientTypeDetails: people, ResultSize: 5 };

  const { rows } = await invoke("Get-User", options);
  const failure = await invoke("Get-EXORecipient", options).catch((error) => error);

  expect(rows).toHaveLength(5);
  expect(failure.errors[0].exceptions[0].message).toContain("HttpStatusCode=503");
});

test("runs no command but those that connecting was asked for", async () => {
  const failure = await invoke("Get-Command", {}).catch((error) => error);

  expect(failure).toBeInstanceOf(CmdletError);
  expect(failure.errors[0].exceptions[0].type).toContain("CommandNotFoundException");
});

async function connect() {
  const { app_id, tenant_domain, certificate, certificate_password } = exchange.secret;
  const session = startSession({
    powershellPath: process.env.TEST_POWERSHELL_PATH ?? "pwsh",
    modulePath: process.env.TEST_EXCHANGE_MODULE_PATH || null,
    environment: { ...process.env, HTTPS_PROXY: exchange.proxy, SSL_CERT_FILE: join(folder, "ca.pem") },
  });
  const connection = await session.connect({
    appId: app_id,
    organization: tenant_domain,
    certificate,
    certificatePassword: certificate_password,
    environmentName: "O365Default",
    commandNames: [...served, "Get-Mailbox"],
    cmdlets: [...served, "Get-EXORecipient", "Get-Mailbox"],
    deadline: deadlineIn(100_000),
  });
  return { session, connection };
}

async function invoke(cmdlet: string, parameters: Record<string, ParameterValue>, select: string[] = ["Guid"]) {
  const warnings: string[] = [];
  const rows: Row[] = [];
  const call = {
    cmdlet,
    parameters: withProperties(cmdlet, parameters, select),
    select,
    deadline: deadlineIn(100_000),
  };
  for await (const row of session.invoke({ ...call, onWarning: (text) => warnings.push(text) })) rows.push(row);
  return { rows, warnings };
}

/** Get-EXORecipient gives little more than it is asked for. */
function withProperties(cmdlet: string, parameters: Record<string, ParameterValue>, select: string[]) {
  return cmdlet === "Get-EXORecipient" ? { Properties: select, ...parameters } : parameters;
}
