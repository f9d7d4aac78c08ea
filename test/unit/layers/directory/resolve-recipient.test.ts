import { afterEach, expect, test } from "vitest";
import { resolveMember, resolveRecipient } from "#directory/recipients";
import type { Row } from "#powershell/frames";
import type { CallStep } from "#test/support/script-exchange";
import { ambiguous, notFound, refusal, rowsOf, startScriptedClient } from "#test/unit/layers/directory/scripted-client";

const dn = "CN=anna,OU=contoso.onmicrosoft.com,DC=PROD,DC=OUTLOOK,DC=COM";

function person(id: number, changes: Row = {}): Row {
  const guid = `4f1c2d3e-5a6b-4c7d-8e9f-${String(id).padStart(12, "0")}`;
  return {
    ExchangeObjectId: guid,
    Guid: guid,
    RecipientTypeDetails: "UserMailbox",
    DistinguishedName: dn,
    PrimarySmtpAddress: `anna${id}@contoso.com`,
    EmailAddresses: [`SMTP:anna${id}@contoso.com`],
    DisplayName: "Anna Ott",
    Name: `anna${id}`,
    Alias: `a${id}`,
    ...changes,
  };
}

const candidate = (id: number, alias = `a${id}`) => ({
  id: `4f1c2d3e-5a6b-4c7d-8e9f-${String(id).padStart(12, "0")}`,
  ...{ name: "Anna Ott", address: `anna${id}@contoso.com`, alias, type: "UserMailbox", kind: "person" },
});

const ends: (() => unknown)[] = [];

afterEach(async () => {
  for (const end of ends.splice(0)) await end();
});

async function resolve(identity: string, ...calls: CallStep[]) {
  const scripted = startScriptedClient(...calls);
  ends.push(scripted.stop);
  const resolution = await resolveRecipient(scripted.client, identity, scripted.options);
  return { resolution, invokes: scripted.exchange.invokes() };
}

test("finds the one object that has the address, with one query", async () => {
  const { resolution, invokes } = await resolve("Anna1@contoso.com", rowsOf(person(1)));

  expect(resolution).toEqual({
    found: {
      id: "4f1c2d3e-5a6b-4c7d-8e9f-000000000001",
      dn,
      name: "anna1",
      displayName: "Anna Ott",
      alias: "a1",
      primaryAddress: "anna1@contoso.com",
      recipientType: "UserMailbox",
    },
  });
  expect(invokes).toMatchObject([{ cmdlet: "Get-EXORecipient", parameters: { Identity: "Anna1@contoso.com" } }]);
  expect(invokes[0]?.parameters.Properties).toEqual(invokes[0]?.select);
  expect(invokes[0]?.select).toEqual(expect.arrayContaining(["DistinguishedName", "Alias", "WindowsLiveID"]));
});

test("knows of a contact without address that it has none", async () => {
  const { resolution } = await resolve("a1", rowsOf(person(1, { PrimarySmtpAddress: "", EmailAddresses: [] })));

  expect(resolution).toMatchObject({ found: { primaryAddress: null } });
});

test.each([
  ["says that nothing is there", notFound],
  ["answers no rows", rowsOf()],
])("finds nobody where Exchange %s", async (_, answer) => {
  expect((await resolve("nobody", answer)).resolution).toEqual({ notFound: true });
});

test("gives the one whose display name it is as a candidate only", async () => {
  const { resolution } = await resolve("Anna Ott", rowsOf(person(1)));

  expect(resolution).toEqual({ suggested: candidate(1) });
});

test("takes no pattern for an identity, and suggests nobody for one", async () => {
  const rows = Array.from({ length: 11 }, (_, id) => person(id));

  const { resolution, invokes } = await resolve("a*", rowsOf(...rows));

  expect(resolution).toEqual({ notFound: true });
  expect(invokes).toHaveLength(1);
  expect(invokes[0]?.parameters.ResultSize).toBe(11);
});

test("gives ten candidates at most, and nobody who is hidden", async () => {
  const rows = Array.from({ length: 12 }, (_, id) => person(id, { HiddenFromAddressListsEnabled: id === 0 }));

  const { resolution } = await resolve("Anna Ott", rowsOf(...rows));

  expect(resolution).toEqual({ ambiguous: rows.slice(1, 11).map((_, id) => candidate(id + 1)) });
});

test("finds the one that is called like the pattern that was asked for", async () => {
  const { resolution } = await resolve("a*", rowsOf(person(1), person(2, { Name: "A*" })));

  expect(resolution).toMatchObject({ found: { name: "A*" } });
});

test("does not choose where Exchange may have more rows", async () => {
  const rows = Array.from({ length: 11 }, (_, id) => person(id, id === 3 ? { Name: "a*" } : {}));

  expect((await resolve("a*", rowsOf(...rows))).resolution).toHaveProperty("ambiguous");
});

test("gives only those as candidates that the identity identifies, where there are several", async () => {
  const rows = [person(1, { Alias: "x" }), person(2), person(3, { Name: "X" })];

  expect((await resolve("x", rowsOf(...rows))).resolution).toEqual({ ambiguous: [candidate(1, "x"), candidate(3)] });
});

test("counts an object once that comes twice", async () => {
  expect((await resolve("a1", rowsOf(person(1), person(1)))).resolution).toHaveProperty("found");
});

test("asks for candidates without putting what people typed into a filter", async () => {
  const rows = [person(1, { DisplayName: "x' -or" }), person(2), person(3, { Alias: "X' -OR" })];

  const { resolution, invokes } = await resolve("x' -or", ambiguous, rowsOf(...rows));

  expect(resolution).toMatchObject({ ambiguous: [{ name: "x' -or" }, { address: "anna3@contoso.com" }] });
  expect(invokes[1]?.parameters).toMatchObject({ Identity: "x' -or*", ResultSize: 100 });
  expect(invokes[1]?.parameters).not.toHaveProperty("Filter");
});

test.each([notFound, ambiguous, refusal("|System.Management.Automation.ParameterBindingException|No patterns.")])(
  "is ambiguous without candidates where Exchange gives none (%#)",
  async (answer) => {
    expect((await resolve("Anna", ambiguous, answer)).resolution).toEqual({ ambiguous: [] });
  },
);

test("fails with what else Exchange refuses, and on rows it does not understand", async () => {
  const throttled = refusal("You have reached the maximum number of concurrent requests per tenant.");

  await expect(resolve("a1", throttled)).rejects.toMatchObject({ code: "THROTTLED" });
  await expect(resolve("a1", rowsOf({ Guid: dn }))).rejects.toMatchObject({ code: "UNEXPECTED" });
  await expect(resolve("a1", rowsOf(person(1, { DistinguishedName: "" })))).rejects.toMatchObject({
    code: "UNEXPECTED",
    message: expect.stringMatching(/4f1c2d3e-.*dn: /),
  });
  await expect(resolve(" ")).rejects.toMatchObject({ code: "IDENTITY_INVALID" });
});

const forbidden = refusal("The app is not allowed to call that.");

test("does without the right to look at accounts, not without that to look at recipients", async () => {
  const ask = (...calls: CallStep[]) => {
    const { client, options, stop } = startScriptedClient(...calls);
    ends.push(stop);
    return resolveMember(client, "nobody@contoso.com", options);
  };

  expect(await ask(notFound, forbidden)).toEqual({ notFound: true });
  await expect(ask(forbidden)).rejects.toMatchObject({ code: "COMMAND_NOT_PERMITTED" });
});
