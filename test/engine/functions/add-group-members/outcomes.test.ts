import { randomUUID } from "node:crypto";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import type { DirectoryRecord, NewRecord } from "#local/exchange/tenant/directory-record";
import { generateTenant } from "#local/exchange/tenant/generate";
import type { Tenant } from "#local/exchange/tenant/tenant";
import { type Changes, startChanges } from "#test/support/changes";
import { expectNobodyListed } from "#test/support/crowd";
import { eventually } from "#test/support/eventually";
import { readResult } from "#test/support/read-result";

let changes: Changes;
let tenant: Tenant;
let count = 0;

beforeAll(async () => {
  tenant = generateTenant({ users: 5, groups: 2, seed: 7 });
  changes = await startChanges({ tenant });
});

afterEach(() => changes.exchange.faults.clear());

afterAll(() => changes.stop());

const person = (fields: Partial<NewRecord> = {}) => tenant.addUser({ name: newName("Person"), ...fields });
const list = (fields: Partial<NewRecord> = {}) => tenant.addGroup({ name: newName("List"), ...fields });
const add = (fields: object, options: { messageGroup?: string } = {}) =>
  changes.request("add-group-members", fields, options);
const isMember = (group: DirectoryRecord, member: DirectoryRecord) => group.group?.members.has(member);

test("adds people and groups, and says so", async () => {
  const [group, anna, inner] = [list(), person({ displayName: "Anna Alt" }), list()];

  const result = await add({ group: group.primarySmtpAddress, members: [anna.primarySmtpAddress, inner.guid] });

  expect(result).toMatchObject({
    action: "add-group-members",
    tenant: "contoso",
    final: true,
    outcome: "succeeded",
    error: null,
    userMessage: `Anna Alt and ${inner.displayName} are in ${group.displayName} now.`,
    group: { id: group.guid, name: group.displayName, address: group.primarySmtpAddress },
    members: [
      { outcome: "added", id: anna.guid, address: anna.primarySmtpAddress },
      { outcome: "added", id: inner.guid },
    ],
    attempts: 1,
    requestedBy: "anna@contoso.com",
  });
  expect([isMember(group, anna), isMember(group, inner)]).toEqual([true, true]);
});

test("adds everybody it can, and tells of each of the others why not", async () => {
  const group = list();
  const [there, fresh] = [person(), person()];
  group.group?.members.add(there);
  const twins = [1, 2].map(() => person({ displayName: "Kim Twin" }));
  const team = list({ recipientTypeDetails: "GroupMailbox" });
  const dynamic = list({ recipientTypeDetails: "DynamicDistributionGroup" });

  const members = [there.guid, "nobody@contoso.com", "Kim Twin", team.guid, dynamic.guid, group.alias, "per*"];
  const result = await add({ group: group.guid, members: [...members, fresh.alias, fresh.guid] });

  expect(result.outcome).toBe("partial");
  expect(result.members.map(({ outcome }) => outcome)).toEqual([
    "alreadyMember",
    "notFound",
    "ambiguous",
    "notAllowed",
    "notAllowed",
    "notAllowed",
    expect.stringMatching(/ambiguous|notFound/),
    "added",
    "added",
  ]);
  expect(result.members[2]?.candidates.map(({ address }) => address).sort()).toEqual(
    twins.map(({ primarySmtpAddress }) => primarySmtpAddress).sort(),
  );
  expect(result.userMessage).toContain("Please give the address");
  for (const reason of [
    "A team (a Microsoft 365 group) cannot",
    "A dynamic list, whose",
    "A list cannot be in itself.",
  ]) {
    expect(result.userMessage).toContain(reason);
  }
  expect(group.group?.members.size).toBe(2);
});

test.each([
  { what: "no list", make: () => undefined, code: "OBJECT_NOT_FOUND", says: "no list with the address" },
  { what: "a wildcard", make: () => "*", code: "OBJECT_", says: "address" },
  {
    what: "a team",
    make: () => list({ recipientTypeDetails: "GroupMailbox" }),
    code: "GROUP_TYPE_UNSUPPORTED",
    says: "a team",
  },
  {
    what: "a dynamic list",
    make: () => list({ recipientTypeDetails: "DynamicDistributionGroup" }),
    code: "GROUP_TYPE_UNSUPPORTED",
    says: "follow from a rule",
  },
  { what: "a person", make: () => person(), code: "GROUP_TYPE_UNSUPPORTED", says: "is no list" },
  {
    what: "a list kept on-premises",
    make: () => list({ isDirSynced: true }),
    code: "MASTERED_ON_PREMISES",
    says: "help desk",
  },
])("rejects $what as the group, and says what to do", async ({ make, code, says }) => {
  const made = make();
  const group = typeof made === "object" ? made.guid : (made ?? "no-such-list@contoso.com");

  const result = await add({ group, members: [person().guid] });

  expect(result).toMatchObject({ outcome: "rejected", error: { code: expect.stringContaining(code) }, members: [] });
  expect(result.userMessage).toContain(says);
});

test("adds a contact that has no mail address of its own here, and a guest", async () => {
  const group = list();
  const contact = person({ recipientTypeDetails: "MailContact", primarySmtpAddress: "" });
  const guest = person({ recipientTypeDetails: "GuestMailUser" });

  const result = await add({ group: group.guid, members: [contact.guid, guest.guid] });

  expect(result).toMatchObject({
    outcome: "succeeded",
    members: [
      { outcome: "added", id: contact.guid },
      { outcome: "added", id: guest.guid },
    ],
  });
});

test("tries again after throttling", async () => {
  const [group, anna] = [list(), person()];
  const letComeAgain = changes.delivery.holdBack();
  changes.exchange.faults.add({ name: "throttle", cmdlet: "Add-DistributionGroupMember", times: 10 });

  const adding = add({ group: group.guid, members: [anna.guid] });
  await eventually(() => changes.delivery.waiting.length === 1);
  changes.exchange.faults.clear();
  await letComeAgain();
  const result = await adding;

  expect(result).toMatchObject({ outcome: "succeeded", attempts: 2, members: [{ outcome: "added" }] });
  expect(isMember(group, anna)).toBe(true);
});

test("adds somebody where the module's own repeat helps", async () => {
  const [group, anna] = [list(), person()];
  changes.exchange.faults.add({ name: "transient", cmdlet: "Add-DistributionGroupMember", times: 1 });

  const result = await add({ group: group.guid, members: [anna.guid] });

  expect(result).toMatchObject({ outcome: "succeeded", attempts: 1, members: [{ outcome: "added" }] });
  expect(isMember(group, anna)).toBe(true);
});

test("rejects a display name that two lists share, and names them", async () => {
  const lists = [list({ displayName: "Sales" }), list({ displayName: "Sales" })];

  const result = await add({ group: "Sales", members: [person().guid] });

  expect(result).toMatchObject({ outcome: "rejected", error: { code: "OBJECT_AMBIGUOUS" } });
  expect(result.candidates.map(({ address }) => address).sort()).toEqual(
    lists.map(({ primarySmtpAddress }) => primarySmtpAddress).sort(),
  );
});

test.each(["nul-403", "reset", "empty-error", "malformed"] as const)(
  "reads back what was done where the answer was lost by %s",
  async (name) => {
    const [group, anna] = [list(), person()];
    const fault = { name, cmdlet: "Add-DistributionGroupMember", isCarriedOut: true, times: 1 } as const;
    changes.exchange.faults.add(fault);

    const result = await add({ group: group.guid, members: [anna.guid] });

    expect(result).toMatchObject({ outcome: "succeeded", members: [{ outcome: "added" }] });
    expect(isMember(group, anna)).toBe(true);
  },
);

test("reads back what the module has done twice by itself", async () => {
  const [group, anna] = [list(), person()];
  const cmdlet = "Add-DistributionGroupMember";
  changes.exchange.faults.add({ name: "unavailable", cmdlet, isCarriedOut: true, times: 1 });

  const result = await add({ group: group.guid, members: [anna.guid] });

  expect(result).toMatchObject({ outcome: "succeeded", members: [{ outcome: "added" }], attempts: 1 });
});

test("tells what a dry run would do, does nothing, and leaves the id for the request itself", async () => {
  const [group, anna] = [list(), person()];
  const operationId = randomUUID();
  const request = { operationId, group: group.guid, members: [anna.guid, "nobody"] };

  const rehearsed = await add({ ...request, dryRun: true });
  const before = isMember(group, anna);
  const result = await add(request);

  expect(rehearsed).toMatchObject({ dryRun: true, outcome: "partial", members: [{ outcome: "wouldBeAdded" }, {}] });
  expect(before).toBe(false);
  expect(result).toMatchObject({ dryRun: false, outcome: "partial", members: [{ outcome: "added" }, {}] });
});

test("sends the result of an operation again, byte for byte, and refuses another request under its id", async () => {
  const [group, anna] = [list(), person()];
  const operationId = randomUUID();
  const common = { operationId, requestedAt: new Date().toISOString(), group: group.guid };

  await add({ ...common, members: [anna.guid] });
  const first = changes.results.at(-1)?.text;
  group.group?.members.delete(anna);
  await add({ members: [anna.guid], ...common });
  const second = changes.results.at(-1)?.text;
  await changes.send("add-group-members", JSON.stringify({ ...common, requestedBy: "x", members: [group.guid] }));
  const reused = await changes.awaitResult((result) => result.operationId === operationId);

  expect(second).toBe(first);
  expect(isMember(group, anna)).toBe(false);
  expect(reused).toMatchObject({ final: false, outcome: "rejected", error: { code: "OPERATION_ID_REUSED" } });
});

test("refuses a request that is 31 days old, and changes nothing", async () => {
  const [group, anna] = [list(), person()];
  const requestedAt = new Date(Date.now() - 31 * 24 * 60 * 60 * 1000).toISOString();

  const result = await add({ requestedAt, group: group.guid, members: [anna.guid] });

  expect(result).toMatchObject({ outcome: "rejected", error: { code: "REQUEST_EXPIRED" }, attempts: 0 });
  expect(isMember(group, anna)).toBe(false);
});

test.each([
  ["no JSON", "{"],
  [
    "no members",
    JSON.stringify({ operationId: "a", requestedAt: "2026-01-01T00:00:00Z", requestedBy: "x", group: "x" }),
  ],
  ["an unknown field", JSON.stringify({ operationId: "b", force: true })],
  ["an operationId that is none", JSON.stringify({ operationId: "../latest" })],
])("rejects a message with %s, and goes on with the next", async (_, body) => {
  const rejected = changes.awaitResult(({ text }) => text.includes("EVENT_INVALID"));
  await changes.send("add-group-members", body);

  expect(await rejected).toMatchObject({ final: false, outcome: "rejected", attempts: 0 });
  expect(await add({ group: list().guid, members: [person().guid] })).toMatchObject({ outcome: "succeeded" });
});

test.each([
  ["an address", "payroll@contoso.com"],
  ["a proxy address", "smtp:payroll@contoso.com"],
  ["an id", "6f9619ff-8b86-d011-b42d-00c04fc964ff"],
  ["a distinguished name", "CN=Payroll,DC=contoso,DC=com"],
])("takes a list that is only called like %s for nobody, as member and as group", async (_, text) => {
  const [group, anna] = [list(), person()];
  const decoy = tenant.addGroup({ name: text, displayName: text });

  const asMember = await add({ group: group.guid, members: [text] });
  const asGroup = await add({ group: text, members: [anna.guid] });

  expect(asMember).toMatchObject({ final: true, members: [{ outcome: "notFound", id: null, candidates: [] }] });
  expect(asGroup).toMatchObject({ outcome: "rejected", error: { code: "OBJECT_NOT_FOUND" }, candidates: [] });
  expect([isMember(group, decoy), isMember(decoy, anna)]).toEqual([false, false]);
});

test("adds the mailbox that has an address, although a list is called by it", async () => {
  const [group, victim] = [list(), person()];
  const decoy = tenant.addGroup({ name: victim.primarySmtpAddress });

  const result = await add({ group: group.guid, members: [victim.primarySmtpAddress] });

  expect(result).toMatchObject({ outcome: "succeeded", members: [{ outcome: "added", id: victim.guid }] });
  expect([isMember(group, victim), isMember(group, decoy)]).toEqual([true, false]);
});

test("cuts a result that is too long for a queue, and says where the whole lies", async () => {
  const group = list();
  const members = Array.from({ length: 49 }, (_, number) => `${"\u0001".repeat(1_100)}${number}`);
  const anna = person();

  const result = await add({ group: group.guid, members: [anna.guid, ...members] });

  expect(result).toMatchObject({ final: true, outcome: "partial", cut: { lists: { members: 50 } } });
  const whole = readResult(changes.read(String(result.cut?.wholeKey)).toString());
  expect(whole.members.map(({ outcome }) => outcome)).toEqual(["added", ...members.map(() => "notFound")]);
});

test("adds one person to a list of 2,000 without listing anybody", () => expectNobodyListed(changes, tenant, 2_000));

test("keeps the order of one list's changes while another's go on beside them", async () => {
  const [slow, other] = [list(), list()];
  const ended: string[] = [];
  const addTo = async (label: string, group: DirectoryRecord) => {
    await add({ group: group.guid, members: [person().guid] }, { messageGroup: group.guid });
    ended.push(label);
  };
  const letComeAgain = changes.delivery.holdBack();
  changes.exchange.faults.add({ name: "throttle", cmdlet: "Add-DistributionGroupMember", times: 6 });

  const first = addTo("slow 1", slow);
  await eventually(() => changes.delivery.waiting.length === 1);
  changes.exchange.faults.clear();
  const second = addTo("slow 2", slow);
  await Promise.all([addTo("other 1", other), addTo("other 2", other)]);
  await letComeAgain();
  await Promise.all([first, second]);

  expect(ended.filter((label) => label.startsWith("other"))).toEqual(["other 1", "other 2"]);
  expect(ended.filter((label) => label.startsWith("slow"))).toEqual(["slow 1", "slow 2"]);
  expect(ended.slice(2)).toEqual(["slow 1", "slow 2"]);
});

function newName(kind: string): string {
  count += 1;
  return `${kind} ${String(count).padStart(4, "0")}`;
}

test.each([
  ["a display name", (crew: DirectoryRecord) => crew.displayName],
  ["a canonical name", (crew: DirectoryRecord) => `${tenant.domain}/${crew.name}`],
])("asks whether somebody, or a list, is meant that is found by %s alone", async (_, textOf) => {
  const name = randomUUID();
  const anna = person({ name, displayName: newName("Anna"), alias: newName("a").replace(" ", "") });
  const crew = list({ displayName: newName("Crew"), alias: newName("c").replace(" ", "") });

  const asMember = await add({ group: list().guid, members: [textOf(anna)] });
  const asGroup = await add({ group: textOf(crew), members: [anna.guid] });

  const candidate = { id: anna.guid, address: anna.primarySmtpAddress, alias: anna.alias, kind: "person" };
  expect(asMember).toMatchObject({ outcome: "rejected", members: [{ outcome: "suggested", candidates: [candidate] }] });
  expect(asMember.userMessage).toBe(`Do you mean ${anna.displayName} (${anna.primarySmtpAddress})?`);
  expect(asGroup).toMatchObject({
    ...{ outcome: "rejected", error: { code: "OBJECT_NOT_EXACT" } },
    candidates: [{ id: crew.guid, kind: "distribution list" }],
  });
  expect(asGroup.userMessage).toBe(`Do you mean ${crew.displayName} (${crew.primarySmtpAddress})?`);
});

test("suggests nobody who is hidden from the address lists", async () => {
  const hidden = person({
    displayName: newName("Hidden"),
    isHiddenFromAddressLists: true,
    alias: newName("h").replace(" ", ""),
  });

  const result = await add({ group: list().guid, members: [hidden.displayName] });

  expect(result).toMatchObject({ members: [{ outcome: "notFound", candidates: [] }] });
  expect(result.userMessage).not.toContain(hidden.primarySmtpAddress);
});

test("finds whoever is pasted as mail programs write them, or has another address of any kind", async () => {
  const group = list();
  const people = Array.from({ length: 8 }, () => {
    const local = newName("p").replace(" ", "");
    return person({ name: `O'Hara ${local}`, alias: local, otherAddresses: [`SIP:${local}@sip.contoso.com`] });
  });
  const forms = [
    (address: string) => `${address}\u00a0`,
    (address: string) => `\u200b${address}`,
    (address: string) => `mailto:${address}`,
    (address: string) => `Somebody <${address}>`,
    (address: string) => `${address};`,
    (address: string) => `SIP:${address.replace("@", "@sip.").replace(tenant.domain, "contoso.com")}`,
  ];
  const members = people.slice(0, 6).map(({ primarySmtpAddress }, place) => forms[place]?.(primarySmtpAddress));
  const typed = people.slice(6).map(({ name }) => name.replace("'", "\u2019"));

  const result = await add({ group: ` ${group.primarySmtpAddress}\t`, members: [...members, ...typed] });

  expect(result.members.map(({ outcome, id }) => [outcome, id])).toEqual(people.map(({ guid }) => ["added", guid]));
  expect(group.group?.members.size).toBe(8);
});

test("does not ask for an address where one was given, and tells of what cannot be seen", async () => {
  const members = ["nobody@contoso.com", "no\u200bbody", "nobody"];

  const { userMessage } = await add({ group: list().guid, members });

  expect(userMessage).toContain('nobody with the address "nobody@contoso.com". Please check how it is written.');
  expect(userMessage).toContain("Please give the exact mail address. It holds a character that cannot be seen");
});

test("adds somebody whose name no filter can hold, and sees that they are in it already", async () => {
  const group = list();
  const odd = person({ name: newName("All $true"), alias: newName("odd").replace(" ", "") });

  const results = [
    await add({ group: group.guid, members: [odd.guid] }),
    await add({ group: group.guid, members: [odd.guid] }),
  ];

  expect(results.map(({ members }) => members[0]?.outcome)).toEqual(["added", "alreadyMember"]);
});

test("tells of an empty entry among others by itself, and of somebody who was named three times once", async () => {
  const group = list();
  const anna = person({ displayName: "Anna Thrice" });
  const names = [anna.guid, anna.primarySmtpAddress, `${anna.primarySmtpAddress} `];

  const result = await add({ group: group.guid, members: [names[0], "", ...names.slice(1)] });

  expect(result.members.map(({ outcome }) => outcome)).toEqual(["added", "notAllowed", "added", "added"]);
  expect(result.userMessage).toBe(
    `Anna Thrice is in ${group.displayName} now. "" cannot be added to ${group.displayName}. The entry is empty.`,
  );
});

test("says how many may be added at once", async () => {
  const group = list();

  const result = await add({ group: group.guid, members: Array(51).fill(person().guid) });

  expect(result).toMatchObject({ outcome: "rejected", error: { code: "CONTENT_INVALID" } });
  expect(result.userMessage).toContain("At most 50 people or lists can be added at once; there are 51.");
  expect(group.group?.members.size).toBe(0);
});

test("names the list where that is what Exchange does not know everywhere yet", async () => {
  const fresh = list({ whenCreatedMs: Date.now() });
  changes.exchange.faults.add({ name: "late-objects", value: 86_400, cmdlet: "Add-DistributionGroupMember" });

  const result = await add({ group: fresh.guid, members: [person().guid] });

  expect(result).toMatchObject({ outcome: "failed", error: { code: "OBJECT_NOT_YET_KNOWN" }, attempts: 5 });
  expect(result.userMessage).toMatch(/The list is so new that Exchange does not know it .+ Please try again later\.$/);
});

test("says which of several could not be added for what only the service's people can mend", async () => {
  const [group, anna, bo] = [list(), person({ displayName: "Anna In" }), person({ displayName: "Bo Out" })];
  changes.exchange.faults.add({ name: "write-scope", cmdlet: "Add-DistributionGroupMember", after: 1, times: 1 });

  const result = await add({ group: group.guid, members: [anna.guid, bo.guid] });

  expect(result).toMatchObject({
    outcome: "partial",
    members: [{ outcome: "added" }, { outcome: "failed", id: bo.guid }],
  });
  expect(result.userMessage).toBe(
    `Anna In is in ${group.displayName} now. Bo Out could not be added to ${group.displayName}. This service may not change this list. The people who run this service have to look at it.`,
  );
});
