import { afterEach, expect, test } from "vitest";
import { isDistributionGroup, resolveGroup } from "#directory/resolve-group";
import type { Row } from "#powershell/frames";
import type { CallStep } from "#test/support/script-exchange";
import { ambiguous, notFound, rowsOf, startScriptedClient } from "#test/unit/layers/directory/scripted-client";

const id = "4f1c2d3e-5a6b-4c7d-8e9f-0a1b2c3d4e5f";
const dn = "CN=Sales,OU=contoso.onmicrosoft.com,DC=PROD,DC=OUTLOOK,DC=COM";
const recipient: Row = {
  ExchangeObjectId: id,
  Guid: id,
  RecipientTypeDetails: "MailUniversalDistributionGroup",
  DistinguishedName: dn,
  PrimarySmtpAddress: "sales@contoso.com",
  DisplayName: "Sales team",
  Name: "Sales",
  Alias: "sales",
  ManagedBy: ["from-recipient"],
  Notes: "made by op-1",
};
const group: Row = {
  ExchangeObjectId: id,
  Guid: id,
  RecipientTypeDetails: "MailUniversalDistributionGroup",
  ManagedBy: ["anna", "Organization Management"],
  MemberJoinRestriction: "ApprovalRequired",
  IsDirSynced: true,
};

const ends: (() => unknown)[] = [];

afterEach(async () => {
  for (const end of ends.splice(0)) await end();
});

async function resolve(identity: string, ...calls: CallStep[]) {
  const scripted = startScriptedClient(...calls);
  ends.push(scripted.stop);
  const resolution = await resolveGroup(scripted.client, identity, scripted.options);
  return { resolution, invokes: scripted.exchange.invokes() };
}

test("finds a distribution group with what a change of it needs", async () => {
  const { resolution, invokes } = await resolve("SALES", rowsOf(recipient), rowsOf(group));

  expect(resolution).toEqual({
    found: {
      id,
      dn,
      name: "Sales",
      displayName: "Sales team",
      alias: "sales",
      primaryAddress: "sales@contoso.com",
      recipientType: "MailUniversalDistributionGroup",
      isMasteredOnPremises: true,
      joinRestriction: "ApprovalRequired",
      owners: ["anna", "Organization Management"],
      notes: "made by op-1",
    },
  });
  expect(invokes).toMatchObject([
    { cmdlet: "Get-EXORecipient", parameters: { Identity: "SALES" } },
    { cmdlet: "Get-DistributionGroup", parameters: { Identity: id } },
  ]);
  expect(invokes[0]?.parameters).not.toHaveProperty("RecipientTypeDetails");
});

test.each(["GroupMailbox", "DynamicDistributionGroup"])("names the kind of a %s, which is not ours", async (type) => {
  const { resolution, invokes } = await resolve("sales", rowsOf({ ...recipient, RecipientTypeDetails: type }));

  expect(resolution).toMatchObject({ found: { id, recipientType: type, owners: ["from-recipient"] } });
  expect(resolution).not.toHaveProperty("found.joinRestriction");
  expect("found" in resolution && isDistributionGroup(resolution.found)).toBe(false);
  expect(invokes).toHaveLength(1);
});

test("names the kind of a person, where no group has the identity", async () => {
  const person = { ...recipient, RecipientTypeDetails: "UserMailbox" };

  const { resolution, invokes } = await resolve("sales", rowsOf(person), notFound);

  expect(resolution).toMatchObject({ found: { recipientType: "UserMailbox" } });
  expect(invokes[1]?.parameters.RecipientTypeDetails).toEqual(expect.arrayContaining(["GroupMailbox", "RoomList"]));
});

test("takes the group where a person has the same name", async () => {
  const person = { ...recipient, RecipientTypeDetails: "UserMailbox" };

  const { resolution } = await resolve("sales", rowsOf(person), rowsOf(recipient), rowsOf(group));

  expect(resolution).toMatchObject({ found: { id, recipientType: "MailUniversalDistributionGroup" } });
});

test("finds no group where several people have the identity, or one shows it", async () => {
  const shown = { ...recipient, DisplayName: "Anna" };

  expect((await resolve("Anna", ambiguous, notFound, notFound)).resolution).toEqual({ notFound: true });
  expect((await resolve("Anna", rowsOf(shown), notFound)).resolution).toEqual({ notFound: true });
  expect((await resolve("Anna", notFound)).resolution).toEqual({ notFound: true });
});

test("gives groups to choose from", async () => {
  const other = { ...recipient, Guid: dn, ExchangeObjectId: null, RecipientTypeDetails: "GroupMailbox" };

  const { resolution, invokes } = await resolve("sales", ambiguous, rowsOf(recipient, other));

  expect(resolution).toMatchObject({
    ambiguous: [
      {
        name: "Sales team",
        address: "sales@contoso.com",
        type: "MailUniversalDistributionGroup",
        id,
        kind: "distribution list",
      },
      { name: "Sales team", address: "sales@contoso.com", type: "GroupMailbox", kind: "team" },
    ],
  });
  expect(invokes[1]?.parameters.RecipientTypeDetails).toEqual(invokes[0]?.parameters.RecipientTypeDetails);
});

test.each([notFound, rowsOf()])(
  "asks to try again for a group that is not known everywhere yet (%#)",
  async (answer) => {
    const resolving = resolve("sales", rowsOf(recipient), answer);

    await expect(resolving).rejects.toMatchObject({ code: "EXCHANGE_TRANSIENT", retryable: true });
  },
);
