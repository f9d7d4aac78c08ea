import { randomUUID } from "node:crypto";
import process from "node:process";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import type { DirectoryRecord, GroupFields, NewRecord } from "#local/exchange/tenant/directory-record";
import { generateTenant } from "#local/exchange/tenant/generate";
import type { Tenant } from "#local/exchange/tenant/tenant";
import { findGroupOwnersAnswerSchema, groupOwnersSchema } from "#lookups/find-group-owners";
import { eventually } from "#test/support/eventually";
import { type Gateway, startGateway } from "#test/support/gateway";
import { onlyChild } from "#test/support/only-child";
import { addList, addPerson } from "#test/support/populate";

let gateway: Gateway;
let tenant: Tenant;

beforeAll(async () => {
  tenant = generateTenant({ users: 5, groups: 1, seed: 33 });
  gateway = await startGateway({ tenant });
});

afterEach(() => gateway.exchange.faults.clear());

afterAll(() => gateway.stop());

const add = (fields: Partial<NewRecord> = {}) => addPerson(tenant, fields);
/** A list that can own others. */
const list = (fields: Partial<NewRecord>, members: readonly DirectoryRecord[] = []) =>
  addList(tenant, members, { recipientTypeDetails: "MailUniversalSecurityGroup", ...fields });

/** A list called Crew that is owned so. */
const crew = (managedBy: DirectoryRecord[], fields: Partial<GroupFields> = {}) =>
  list({
    recipientTypeDetails: "MailUniversalDistributionGroup",
    displayName: "Crew",
    group: { managedBy, memberJoinRestriction: "ApprovalRequired", ...fields },
  });

const ask = async (group: DirectoryRecord) =>
  groupOwnersSchema.parse(await gateway.findGroupOwners({ group: group.guid }));

/** An object of another directory: nobody here knows it. */
function gone(name: string): DirectoryRecord {
  return generateTenant({ users: 1, groups: 1, seed: 34 }).addUser({ name });
}

const approval = "An owner has to approve who joins.";
const nobody = "Crew has no owner who can be asked.";
const advice = "An Exchange administrator has to name a new owner.";

test("names the person who owns a list, and how one joins and leaves it", async () => {
  const anna = add({ displayName: "Anna Alt" });
  const group = crew([anna], { memberDepartRestriction: "Open" });

  const answer = await ask(group);

  expect(answer).toEqual({
    status: "found",
    group: { id: group.guid, name: "Crew", address: group.primarySmtpAddress, type: "MailUniversalDistributionGroup" },
    joinRestriction: "ApprovalRequired",
    departRestriction: "Open",
    isApprovalNeeded: true,
    owners: [
      {
        kind: "person",
        id: anna.guid,
        name: "Anna Alt",
        address: anna.primarySmtpAddress,
        type: "UserMailbox",
        isEnabled: true,
        through: null,
      },
    ],
    owningGroups: [],
    unusable: [],
    hasUsableOwner: true,
    userMessage: `Crew is owned by Anna Alt (${anna.primarySmtpAddress}). ${approval}`,
    source: "live",
    asOf: expect.stringMatching(/^\d{4}-.*Z$/),
  });
});

test.each([
  { memberJoinRestriction: "Open", isApprovalNeeded: false, sentence: "Nobody has to approve: anybody may join." },
  { memberJoinRestriction: "Closed", isApprovalNeeded: true, sentence: "Only an owner can add people." },
  { memberJoinRestriction: "ApprovalRequired", isApprovalNeeded: true, sentence: approval },
] as const)("says of $memberJoinRestriction whether joining is approved", async (restriction) => {
  const { memberJoinRestriction, isApprovalNeeded, sentence } = restriction;

  const answer = await ask(crew([add()], { memberJoinRestriction }));

  expect(answer).toMatchObject({ joinRestriction: memberJoinRestriction, isApprovalNeeded });
  expect(answer.userMessage).toContain(`. ${sentence}`);
});

test("takes the owner and not another person with the same display name", async () => {
  const [owner, other] = [add({ displayName: "Kim Koch" }), add({ displayName: "Kim Koch" })];

  const answer = await ask(crew([owner]));

  expect(answer.owners.map(({ id }) => id)).toEqual([owner.guid]);
  expect(answer.userMessage).toBe(`Crew is owned by Kim Koch (${owner.primarySmtpAddress}). ${approval}`);
  expect(answer.userMessage).not.toContain(other.primarySmtpAddress);
});

test("tells two owners of the same display name apart by their addresses", async () => {
  const owners = [add({ displayName: "Lee Lang" }), add({ displayName: "Lee Lang" })];

  const answer = await ask(crew(owners));

  const [one, other] = owners.map(({ primarySmtpAddress }) => `Lee Lang (${primarySmtpAddress})`);
  expect(answer.userMessage).toBe(`Crew is owned by ${one} and ${other}. ${approval}`);
});

test("takes nobody who is only shown by an owner's name", async () => {
  add({ displayName: "gone-owner" });

  const answer = await ask(crew([gone("gone-owner")]));

  expect(answer).toMatchObject({ owners: [], unusable: [{ owner: "gone-owner", reason: "notFound" }] });
});

test("finds an owner whose name somebody else is shown by", async () => {
  const owner = add({ name: "max.muster", displayName: "Max" });
  add({ displayName: "max.muster" });

  const answer = await ask(crew([owner]));

  expect(answer.owners.map(({ id }) => id)).toEqual([owner.guid]);
});

test("says of an owner who is gone that it is so, and what to do", async () => {
  const answer = await ask(crew([gone("former")]));

  expect(answer).toMatchObject({ owners: [], hasUsableOwner: false, unusable: [{ reason: "notFound", found: null }] });
  const explanation = `The owner "former" is gone, or a role group of the organization's own.`;
  expect(answer.unusable[0]?.explanation).toBe(explanation);
  expect(answer.userMessage).toBe(`${nobody} ${explanation} ${advice} ${approval}`);
});

test("names the people in a group that is an owner, in lists in it too, and through which", async () => {
  const [bo, cyd] = [add({ displayName: "Bo Berg" }), add()];
  const managers = list({ displayName: "Managers" }, [bo, list({}, [cyd])]);

  const answer = await ask(crew([managers]));

  expect(answer.owners).toMatchObject([
    { id: bo.guid, isEnabled: true, through: { id: managers.guid, name: "Managers" } },
    { id: cyd.guid, through: { id: managers.guid } },
  ]);
  expect(answer.owningGroups).toMatchObject([{ id: managers.guid, complete: true, reason: null }]);
  expect(answer.userMessage).toContain(`Bo Berg (${bo.primarySmtpAddress}, through Managers)`);
});

test("names somebody once who is an owner and in a group that is one", async () => {
  const bo = add();

  const answer = await ask(crew([list({}, [bo]), bo]));

  expect(answer.owners).toMatchObject([{ id: bo.guid, through: null }]);
});

test("tells 100 people of a large group that is an owner, and that there are more", async () => {
  const people = tenant.addUsers(Array.from({ length: 105 }, (_, index) => ({ name: `large-${index}` })));

  const answer = await ask(crew([list({ displayName: "Large" }, [...people])]));

  expect(answer.owners).toHaveLength(100);
  expect(answer.owningGroups).toMatchObject([{ name: "Large", complete: false, reason: "limit" }]);
  expect(answer.userMessage).toMatch(/through Large\) and 95 more\. /);
});

test("says of a group without people that nobody can be asked", async () => {
  const answer = await ask(crew([list({ displayName: "Managers" })]));

  expect(answer).toMatchObject({ hasUsableOwner: false, unusable: [{ reason: "emptyGroup" }] });
  expect(answer.userMessage).toBe(
    `${nobody} The owner Managers is a list in which there are no people. ${advice} ${approval}`,
  );
});

test("says that a role group is one", async () => {
  const [admins] = tenant.find("Organization Management", () => true);

  const answer = await ask(crew(admins ? [admins] : []));

  expect(answer).toMatchObject({ owners: [], hasUsableOwner: false, unusable: [{ reason: "roleGroup" }] });
  const explanation =
    'The owner "Organization Management" is a role group of administrators, to which nobody can write.';
  expect(answer.userMessage).toBe(`${nobody} ${explanation} ${advice} ${approval}`);
});

test("names an owner whose account is disabled, and counts them as nobody to ask", async () => {
  const dora = add({ displayName: "Dora Doll", isAccountDisabled: true });

  const answer = await ask(crew([dora]));

  expect(answer).toMatchObject({ owners: [{ id: dora.guid, isEnabled: false }], hasUsableOwner: false });
  const disabled = `The account of the owner Dora Doll (${dora.primarySmtpAddress}) is disabled.`;
  expect(answer.userMessage).toBe(`${nobody} ${disabled} ${advice} ${approval}`);
});

test("names those who can be asked beside one who cannot", async () => {
  const [anna, dora] = [add({ displayName: "Anna" }), add({ displayName: "Dora", isAccountDisabled: true })];

  const answer = await ask(crew([dora, anna]));

  expect(answer.hasUsableOwner).toBe(true);
  expect(answer.userMessage).toBe(
    `Crew is owned by Anna (${anna.primarySmtpAddress}). The account of the owner Dora (${dora.primarySmtpAddress}) is disabled. ${approval}`,
  );
});

test("finds an owner whose name is a GUID", async () => {
  const entraId = randomUUID();
  const eve = add({ name: entraId, externalDirectoryObjectId: entraId, displayName: "Eve Evers" });

  const answer = await ask(crew([eve]));

  expect(answer.owners).toMatchObject([{ id: eve.guid, name: "Eve Evers", isEnabled: true }]);
  expect(answer.userMessage).toMatch(/^Crew is owned by Eve Evers \(/);
});

test("finds an owner without a mailbox", async () => {
  const account = add({ recipientTypeDetails: "User", displayName: "Ann Only" });

  const answer = await ask(crew([account]));

  expect(answer.owners).toMatchObject([{ id: account.guid, name: "Ann Only", type: "User", isEnabled: true }]);
});

test.each([
  { type: "RoomMailbox", reason: "notPerson", text: "is neither a person nor a list (RoomMailbox)." },
  { type: "GroupMailbox", reason: "unlistedGroup", text: "is a Microsoft 365 group (a team), and who is in it" },
] as const)("says of a $type that it is no person", async ({ type, reason, text }) => {
  const answer = await ask(crew([add({ recipientTypeDetails: type, displayName: "Blue" })]));

  expect(answer).toMatchObject({ hasUsableOwner: false, unusable: [{ reason, found: { name: "Blue", type } }] });
  expect(answer.userMessage).toContain(`The owner Blue ${text}`);
});

test("says plainly that a list has no owner", async () => {
  const answer = await ask(crew([], { memberJoinRestriction: "Closed" }));

  expect(answer).toMatchObject({ owners: [], unusable: [], hasUsableOwner: false });
  expect(answer.userMessage).toBe(`${nobody} ${advice} Only an owner can add people.`);
});

test("answers from a fresh session when PowerShell is killed in the middle", async () => {
  const group = crew([add()]);
  gateway.exchange.faults.add({ name: "hang", cmdlet: "Get-DistributionGroup", times: 1 });

  const asking = ask(group);
  await eventually(() => {
    const asked = { cmdlet: "Get-DistributionGroup", status: undefined };
    expect(gateway.exchange.requests.at(-1)).toMatchObject(asked);
  });
  process.kill(onlyChild(), "SIGKILL");
  const answer = await asking;

  expect(answer).toMatchObject({ hasUsableOwner: true });
});

test.each([
  { what: "nothing", group: "no-such-list", status: "notFound" },
  { what: "several lists", group: "Crew", status: "ambiguous" },
])("answers $status to what names $what", async ({ group, status }) => {
  crew([]);
  crew([]);

  const answer = findGroupOwnersAnswerSchema.parse(await gateway.findGroupOwners({ group }));

  expect(answer).toMatchObject({ status, about: "group" });
});

test("does not tell who owns a team", async () => {
  const team = add({ recipientTypeDetails: "GroupMailbox", displayName: "Team Blue" });

  const answer = findGroupOwnersAnswerSchema.parse(await gateway.findGroupOwners({ group: team.guid }));

  expect(answer).toMatchObject({ status: "unsupported", group: { id: team.guid } });
  expect(answer.userMessage).toBe("Team Blue is a Microsoft 365 group (a team). Who owns it cannot be told here.");
});
