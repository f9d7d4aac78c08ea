import { afterEach, expect, test } from "vitest";
import { isDirectMember } from "#directory/membership";
import type { Row } from "#powershell/frames";
import { notFound, rowsOf, startScriptedClient } from "#test/unit/layers/directory/scripted-client";

const id = "4f1c2d3e-5a6b-4c7d-8e9f-0a1b2c3d4e5f";
const memberId = "0d7f6c55-3a1b-4c2d-8e9f-aabbccddeeff";
const dn = "CN=Pat O'Brien,OU=contoso.onmicrosoft.com,DC=PROD,DC=OUTLOOK,DC=COM";
const group: Row = { ExchangeObjectId: id, RecipientTypeDetails: "MailUniversalDistributionGroup" };
const other: Row = { ...group, ExchangeObjectId: "9b8a7c6d-1234-4abc-9def-0123456789ab" };

const ends: (() => unknown)[] = [];

afterEach(async () => {
  for (const end of ends.splice(0)) await end();
});

async function ask(rows: Row[], { groupId = id, memberDn = dn } = {}) {
  const scripted = startScriptedClient(rowsOf(...rows));
  ends.push(scripted.stop);
  const isMember = await isDirectMember(
    scripted.client,
    { id: groupId },
    { id: memberId, dn: memberDn },
    scripted.options,
  );
  return { isMember, invokes: scripted.exchange.invokes() };
}

test("asks once, for this group among those of the member, with the quotes of its DN doubled", async () => {
  const { isMember, invokes } = await ask([group]);

  expect(isMember).toBe(true);
  expect(invokes).toMatchObject([
    {
      cmdlet: "Get-DistributionGroup",
      parameters: {
        Filter: `Members -eq 'CN=Pat O''Brien,OU=contoso.onmicrosoft.com,DC=PROD,DC=OUTLOOK,DC=COM' -and Guid -eq '${id}'`,
        ResultSize: "Unlimited",
      },
    },
  ]);
});

test("takes no other group for this one", async () => {
  expect((await ask([])).isMember).toBe(false);
  expect((await ask([other])).isMember).toBe(false);
  expect((await ask([other, group, other])).isMember).toBe(true);
});

test("takes a row it does not understand for the group it names", async () => {
  expect((await ask([{ Guid: id }])).isMember).toBe(true);
});

test.each([
  { members: [memberId], isMember: true },
  { members: [id], isMember: false },
])("lists the group where a filter cannot name the member: $isMember", async ({ members, isMember }) => {
  const rows = members.map((member) => ({ ExchangeObjectId: member, RecipientTypeDetails: "UserMailbox" }));

  const asked = await ask(rows, { memberDn: dn.replace("Pat", "$true") });

  expect(asked.isMember).toBe(isMember);
  expect(asked.invokes).toMatchObject([{ cmdlet: "Get-DistributionGroupMember", parameters: { Identity: id } }]);
});

test("finds nobody in a group that is not known, whichever way it looks", async () => {
  const scripted = startScriptedClient(notFound);
  ends.push(scripted.stop);
  const member = { id: memberId, dn: dn.replace("Pat", "$null") };

  expect(await isDirectMember(scripted.client, { id }, member, scripted.options)).toBe(false);
});

test.each([
  { memberDn: "Pat O'Brien" },
  { memberDn: "x' -or Name -like '*" },
  { memberDn: "" },
  { groupId: "x' -or Name -like '*" },
])("puts nothing into a filter that is no id and no DN: %j", async (names) => {
  await expect(ask([group], names)).rejects.toMatchObject({ code: "PARAMETER_INVALID" });
});
