import { afterEach, expect, test } from "vitest";
import { resolveOwner } from "#directory/owners";
import type { ExchangeReader } from "#exchange/client";
import type { Row } from "#powershell/frames";
import { deadlineIn } from "#runtime/deadline";
import type { CallStep } from "#test/support/script-exchange";
import { ambiguous, notFound, rowsOf, startScriptedClient } from "#test/unit/layers/directory/scripted-client";

const idOf = (number: number) => `00000000-0000-4000-8000-${String(number).padStart(12, "0")}`;

function person(number: number, fields: Row = {}): Row {
  return {
    ExchangeObjectId: idOf(number),
    Guid: idOf(number),
    DistinguishedName: `CN=anna ${number},OU=contoso.onmicrosoft.com,DC=PROD,DC=OUTLOOK,DC=COM`,
    RecipientTypeDetails: "UserMailbox",
    Name: "anna",
    DisplayName: "Anna Alt",
    PrimarySmtpAddress: `anna-${number}@contoso.com`,
    ...fields,
  };
}

const ends: (() => unknown)[] = [];

afterEach(async () => {
  for (const end of ends.splice(0)) await end();
});

async function resolve(owner: { owner?: string; ownerNames?: string[] }, ...calls: CallStep[]) {
  const scripted = startScriptedClient(...calls);
  ends.push(scripted.stop);
  return resolveOwner(scripted.client, { owner: "anna", ownerNames: [], ...owner }, scripted.options);
}

test("takes whom the name is the owner's of, in any letter case", async () => {
  const resolved = await resolve({ owner: "ANNA" }, rowsOf(person(1), person(2, { Name: "other", Alias: "anna" })));

  expect(resolved).toMatchObject({ person: { id: idOf(1) } });
});

test("takes an id and a distinguished name for what they are", async () => {
  const dn = String(person(1).DistinguishedName);

  expect(await resolve({ owner: idOf(1).toUpperCase() }, rowsOf(person(1)))).toMatchObject({ person: { id: idOf(1) } });
  expect(await resolve({ owner: dn }, rowsOf(person(1)))).toMatchObject({ person: { id: idOf(1) } });
});

test("asks for a name as Exchange has written it, also where it looks like an id", async () => {
  const name = "6f9619ff8b86d01190bf00c04fc964ff";
  const asked: unknown[] = [];
  async function* read(_: object, { Identity }: { Identity: string }) {
    asked.push(Identity);
    yield { ok: true, row: person(1, { Name: name }) } as const;
  }

  const resolved = await resolveOwner(
    { read } as unknown as ExchangeReader,
    { owner: name, ownerNames: [] },
    { deadline: deadlineIn(60_000) },
  );

  expect(resolved).toMatchObject({ person: { id: idOf(1) } });
  expect(asked).toEqual([name]);
});

test("chooses none of two that have the owner's name", async () => {
  const resolved = await resolve({}, rowsOf(person(1), person(2)));

  expect(resolved).toMatchObject({
    reason: "ambiguous",
    candidates: [{ address: "anna-1@contoso.com" }, { address: "anna-2@contoso.com" }],
  });
});

test("takes the one of two whose address Exchange says beside the name", async () => {
  const ownerNames = ["(ANNA-2@contoso.com, Anna Alt)"];

  const resolved = await resolve({ ownerNames }, rowsOf(person(1), person(2)));

  expect(resolved).toMatchObject({ person: { id: idOf(2) } });
});

test("takes nobody for an address alone that Exchange says beside the name", async () => {
  const ownerNames = ["(anna-1@contoso.com, Anna Alt)"];

  const resolved = await resolve({ ownerNames }, rowsOf(person(1, { Name: "other", Alias: "anna" })), notFound);

  expect(resolved).toMatchObject({ reason: "notFound" });
});

test("finds the owner among those Exchange cannot choose between", async () => {
  const resolved = await resolve({}, ambiguous, rowsOf(person(1), person(2, { Name: "other", DisplayName: "anna" })));

  expect(resolved).toMatchObject({ person: { id: idOf(1) } });
});

test("looks among accounts where no recipient has the name", async () => {
  const account = { ...person(3), RecipientTypeDetails: "User", AccountDisabled: false };

  const resolved = await resolve({}, notFound, rowsOf(account));

  expect(resolved).toMatchObject({ person: { id: idOf(3), recipientType: "User" } });
});

test.each(["Organization Management", "recipient management", "TenantAdmins_-1785523426", "HelpdeskAdmins_7f3a2"])(
  "knows the role group %s",
  async (owner) => {
    expect(await resolve({ owner }, notFound)).toMatchObject({ reason: "roleGroup" });
  },
);

test("takes a person of a role group's name for the person", async () => {
  const resolved = await resolve({ owner: "Help Desk" }, rowsOf(person(1, { Name: "Help Desk" })));

  expect(resolved).toMatchObject({ person: { id: idOf(1) } });
});
