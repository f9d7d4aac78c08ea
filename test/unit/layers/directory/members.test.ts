import { afterEach, expect, test } from "vitest";
import { createMemberSource, listMembers } from "#directory/members";
import type { Row } from "#powershell/frames";
import { createAttempts } from "#runtime/retry";
import { failureOf, recordOf } from "#test/support/error-records";
import type { CallStep } from "#test/support/script-exchange";
import { notFound, rowsOf, startScriptedClient } from "#test/unit/layers/directory/scripted-client";

const groupId = "4f1c2d3e-5a6b-4c7d-8e9f-0a1b2c3d4e5f";
const anna: Row = {
  ExchangeObjectId: "0A1B2C3D-5a6b-4c7d-8e9f-000000000001",
  Guid: "0A1B2C3D-5a6b-4c7d-8e9f-000000000001",
  ExternalDirectoryObjectId: "0A1B2C3D-5a6b-4c7d-8e9f-00000000000a",
  RecipientTypeDetails: "UserMailbox",
  PrimarySmtpAddress: "anna@contoso.com",
  DisplayName: "Anna Alt",
  Name: "anna",
};
const ben: Row = { Guid: "0a1b2c3d-5a6b-4c7d-8e9f-000000000002", RecipientTypeDetails: "User", Name: "ben" };

const ends: (() => unknown)[] = [];

afterEach(async () => {
  for (const end of ends.splice(0)) await end();
});

function start(...calls: CallStep[]) {
  const scripted = startScriptedClient(...calls);
  ends.push(scripted.stop);
  const attempts = createAttempts([1, 1], new AbortController().signal);
  return {
    ...scripted,
    list: (id = groupId) => Array.fromAsync(listMembers(scripted.client, { id }, scripted.options)),
    source: createMemberSource(scripted.client, { ...scripted.options, attempts }),
  };
}

test("asks for all of a group's members by its id, and tells of each what Exchange does", async () => {
  const { list, exchange } = start(rowsOf(anna, { ...ben, DisplayName: "", PrimarySmtpAddress: null }, ben));

  const readings = await list();

  expect(readings).toEqual([
    {
      ok: true,
      member: {
        id: "0a1b2c3d-5a6b-4c7d-8e9f-000000000001",
        entraId: "0a1b2c3d-5a6b-4c7d-8e9f-00000000000a",
        name: "anna",
        displayName: "Anna Alt",
        address: "anna@contoso.com",
        type: "UserMailbox",
      },
    },
    { ok: true, member: { id: ben.Guid, name: "ben", displayName: null, address: null, type: "User" } },
    { ok: true, member: { id: ben.Guid, name: "ben", type: "User" } },
  ]);
  expect(exchange.invokes()).toMatchObject([
    { cmdlet: "Get-DistributionGroupMember", parameters: { Identity: groupId, ResultSize: "Unlimited" } },
  ]);
});

test("tells a row that is no member by its id and what is wrong, never by its values", async () => {
  const secret = "secret-name";
  const { list } = start(rowsOf({ Guid: ben.Guid ?? "", Name: secret }, { ...ben, Guid: secret }));

  const readings = await list();

  expect(readings).toMatchObject([
    { ok: false, id: ben.Guid, reason: expect.stringContaining("RecipientTypeDetails") },
    { ok: false, id: undefined, reason: expect.stringContaining("id") },
  ]);
  expect(JSON.stringify(readings)).not.toContain(secret);
});

test.each(["", "*", "crew@contoso.com"])("asks for no group whose id is %j", async (id) => {
  const { list, exchange } = start();

  await expect(list(id)).rejects.toMatchObject({ code: "PARAMETER_INVALID" });
  expect(exchange.invokes()).toHaveLength(0);
});

test("reads a group again from its start where it breaks off, and tells what is no member once", async () => {
  const bad: Row = { Name: "bad" };
  const breaksOff: CallStep = { rows: [[bad, anna]], failed: failureOf("invoke", recordOf("|ADTransientException|x")) };
  const { source, exchange } = start(breaksOff, breaksOff, rowsOf(bad, ben));

  const readings = await Array.fromAsync(source({ id: groupId }));

  expect(readings.map((reading) => (reading.ok ? reading.member.name : reading.reason))).toEqual([
    "anna",
    "anna",
    "ben",
    expect.stringContaining("RecipientTypeDetails"),
  ]);
  expect(exchange.invokes()).toHaveLength(3);
});

test("does not ask again for a group that is gone", async () => {
  const { source, exchange } = start(notFound);

  await expect(Array.fromAsync(source({ id: groupId }))).rejects.toMatchObject({ code: "OBJECT_NOT_FOUND" });
  expect(exchange.invokes()).toHaveLength(1);
});
