import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import type { NewRecord } from "#local/exchange/tenant/directory-record";
import { generateTenant } from "#local/exchange/tenant/generate";
import type { Tenant } from "#local/exchange/tenant/tenant";
import { type Changes, startChanges } from "#test/support/changes";

let changes: Changes;
let tenant: Tenant;
let count = 0;

beforeAll(async () => {
  tenant = generateTenant({ users: 5, groups: 2, seed: 8 });
  changes = await startChanges({ tenant });
});

afterEach(() => {
  changes.exchange.faults.clear();
  tenant.groupNamingPolicy = undefined;
});

afterAll(() => changes.stop());

const person = (fields: Partial<NewRecord> = {}) => tenant.addUser({ name: newName("Person"), ...fields });
const create = (fields: object) => changes.request("create-group", fields);
const groupsCalled = (name: string) => tenant.records.filter((record) => record.name === name && record.group);

test("makes a list with owners and members, and says so", async () => {
  const [owner, member] = [person(), person({ displayName: "Bo Berg" })];
  const name = newName("Projet Été");

  const result = await create({
    name,
    owners: [owner.primarySmtpAddress],
    members: [member.primarySmtpAddress],
    joinRestriction: "ApprovalRequired",
    departRestriction: "Open",
    description: "Everybody of the project",
    requireSenderAuthentication: false,
  });

  const [made] = groupsCalled(name);
  expect(made).toMatchObject({
    alias: name.replaceAll("É", "E").replaceAll("é", "e").replaceAll(" ", "-"),
    recipientTypeDetails: "MailUniversalDistributionGroup",
    group: {
      managedBy: [owner],
      memberJoinRestriction: "ApprovalRequired",
      memberDepartRestriction: "Open",
      description: ["Everybody of the project"],
      requireSenderAuthenticationEnabled: false,
    },
  });
  expect([...(made?.group?.members ?? [])]).toEqual([member]);
  expect(result).toMatchObject({
    action: "create-group",
    outcome: "succeeded",
    final: true,
    group: { id: made?.guid, name, address: made?.primarySmtpAddress },
    members: [{ outcome: "added", id: member.guid }],
  });
  expect(result.userMessage).toBe(`${name} is made: ${made?.primarySmtpAddress}. Bo Berg is in ${name} now.`);
});

test("makes a security group with the alias and address that were asked for", async () => {
  const name = newName("Secure");
  const address = `${name.replace(" ", ".")}@${tenant.defaultDomain}`;

  const result = await create({
    name,
    alias: `alias${count}`,
    primarySmtpAddress: address,
    displayName: "Secure list",
    type: "security",
    owners: [person().guid],
  });

  expect(result).toMatchObject({ outcome: "succeeded", group: { name: "Secure list", address } });
  expect(groupsCalled(name)).toMatchObject([
    { alias: `alias${count - 1}`, recipientTypeDetails: "MailUniversalSecurityGroup" },
  ]);
});

test("gives a list without any Latin letter an alias of its own, and finds it by its mark", async () => {
  const names = ["销售团队", "مشروع"].map((text) => newName(text).replaceAll(/[0-9 ]/g, ""));

  const results = [];
  for (const name of names) results.push(await create({ name, owners: [person().guid] }));

  expect(results.map(({ outcome }) => outcome)).toEqual(["succeeded", "succeeded"]);
  expect(new Set(names.flatMap(groupsCalled).map(({ alias }) => alias)).size).toBe(2);
});

test("reports what the naming policy has made of the name", async () => {
  tenant.groupNamingPolicy = { prefix: "DL-" } as NonNullable<Tenant["groupNamingPolicy"]>;
  const name = newName("Policy");

  const result = await create({ name, owners: [person().guid] });

  expect(result).toMatchObject({ outcome: "succeeded", group: { name: expect.stringContaining(`DL-${name}`) } });
});

test("makes the list and tells which members could not be added", async () => {
  const name = newName("Part");

  const result = await create({ name, owners: [person().guid], members: ["nobody@contoso.com", person().guid] });

  expect(result).toMatchObject({ outcome: "partial", members: [{ outcome: "notFound" }, { outcome: "added" }] });
  expect(groupsCalled(name)).toHaveLength(1);
});

test.each([
  { what: "an owner whom nobody knows", owner: () => "nobody@contoso.com", code: "OBJECT_NOT_FOUND" },
  { what: "a list as owner", owner: () => tenant.addGroup({ name: newName("L") }).guid, code: "CHANGE_REFUSED" },
  {
    what: "a room as owner",
    owner: () => person({ recipientTypeDetails: "RoomMailbox" }).guid,
    code: "CHANGE_REFUSED",
  },
  {
    what: "an owner's display name that two have",
    owner: () => [1, 2].map(() => person({ displayName: "Sam Same" })) && "Sam Same",
    code: "OBJECT_AMBIGUOUS",
  },
])("rejects $what, and makes nothing", async ({ owner, code }) => {
  const name = newName("Unowned");

  const result = await create({ name, owners: [person().guid, owner()] });

  expect(result).toMatchObject({ outcome: "rejected", error: { code }, group: null });
  expect(result.userMessage.length).toBeGreaterThan(20);
  expect(groupsCalled(name)).toEqual([]);
});

test("rejects a name and an alias that others have", async () => {
  const other = tenant.addGroup({ name: newName("Taken") });
  const mailbox = person();

  const sameName = await create({ name: other.name, alias: `free${count}`, owners: [person().guid] });
  const sameAlias = await create({ name: newName("Free"), alias: mailbox.alias, owners: [person().guid] });

  expect(sameName).toMatchObject({ outcome: "rejected", error: { code: "NAME_IN_USE" } });
  expect(sameAlias).toMatchObject({ outcome: "rejected", error: { code: expect.stringMatching(/_IN_USE$/) } });
  expect(sameName.userMessage).toMatch(/^The name "Taken \d+" is taken by Taken \d+, distribution list \(/);
});

test.each([
  ["a name like an address", { name: "payroll@contoso.com" }],
  ["a display name like an address", { displayName: "payroll@contoso.com" }],
  ["a name like an id", { name: "6f9619ff-8b86-d011-b42d-00c04fc964ff" }],
  ["a name like a distinguished name", { name: "CN=Payroll,DC=contoso" }],
])("refuses %s, under which others would be looked for, before anything is sent", async (_, wrong) => {
  const before = changes.exchange.requests.length;

  const result = await create({ name: newName("Wrong"), owners: ["anna@contoso.com"], ...wrong });

  expect(result).toMatchObject({ final: true, outcome: "rejected", error: { code: "CONTENT_INVALID" } });
  expect(changes.exchange.requests.slice(before)).toEqual([]);
});

test.each([
  ["a name that is too long", { name: "x".repeat(70) }, "at most 64 characters; this one has 70"],
  ["a name of blanks", { name: " \u00a0" }, "The name is empty."],
  ["a line break in the name", { name: "a\nb" }, "holds a line break"],
  ["a blank in the alias", { alias: "a b" }, 'The alias "a b" holds a character that an alias may not have'],
  ["an address that is none", { primarySmtpAddress: "nobody" }, 'The address "nobody" is no mail address'],
  ["an internationalised domain", { primarySmtpAddress: "crew@m\u00fcnchen.example" }, "is no mail address"],
  ["a display name that is too long", { displayName: "x".repeat(257) }, "at most 256 characters; this one has 257"],
  ["a description that is too long", { description: "x".repeat(1_025) }, "at most 1024 characters; this one has 1025"],
  ["no owner", { owners: [] }, "A list needs an owner."],
  ["too many owners", { owners: Array(51).fill("ada") }, "at most 50 owners; there are 51"],
  [
    "too many members",
    { members: Array(51).fill("ada") },
    "At most 50 people or lists can be added at once; there are 51",
  ],
  [
    "a security group that is open",
    { type: "security", joinRestriction: "Open" },
    "Nobody may come to a security group",
  ],
])("says to the employee what is wrong with %s, before anything is sent", async (_, wrong, says) => {
  const before = changes.exchange.requests.length;

  const result = await create({ name: newName("Wrong"), owners: ["anna@contoso.com"], ...wrong });

  expect(result).toMatchObject({ final: true, outcome: "rejected", error: { code: "CONTENT_INVALID" } });
  expect(result.userMessage).toContain(says);
  expect(changes.exchange.requests).toHaveLength(before);
});

test("takes off the blanks around a name, which nobody sees", async () => {
  const name = newName("Blank");

  const result = await create({ name: ` ${name}\u00a0`, displayName: "Shown ", owners: [person().guid] });

  expect(result).toMatchObject({ outcome: "succeeded", group: { name: "Shown" } });
  expect(groupsCalled(name)).toMatchObject([{ displayName: "Shown" }]);
});

test.each([
  ["a restriction that does not exist", { joinRestriction: "Sometimes" }],
  ["a name that is no text", { name: 7 }],
  ["a field that there is not", { moderators: [] }],
])("rejects %s before anything is sent", async (_, wrong) => {
  const before = changes.exchange.requests.length;

  const result = await create({ name: newName("Wrong"), owners: ["anna@contoso.com"], ...wrong });

  expect(result).toMatchObject({ outcome: "rejected", error: { code: "EVENT_INVALID" }, attempts: 0 });
  expect(changes.exchange.requests).toHaveLength(before);
});

test("rejects an address of another organization", async () => {
  const result = await create({
    name: newName("Foreign"),
    primarySmtpAddress: "list@fabrikam.example",
    owners: [person().guid],
  });

  expect(result).toMatchObject({ outcome: "rejected", error: { code: "DOMAIN_NOT_ACCEPTED" } });
  expect(result.userMessage).toContain("does not belong to this organization");
});

test.each(["nul-403", "reset", "empty-error", "malformed"] as const)(
  "finds the list it has made where the answer was lost by %s",
  async (name) => {
    const called = newName("Lost");
    changes.exchange.faults.add({ name, cmdlet: "New-DistributionGroup", isCarriedOut: true, times: 1 });

    const result = await create({ name: called, owners: [person().guid] });

    expect(result).toMatchObject({ outcome: "succeeded", attempts: 1 });
    expect(groupsCalled(called)).toHaveLength(1);
  },
);

test("finds the list that the module has tried to make twice", async () => {
  const called = newName("Twice");
  const cmdlet = "New-DistributionGroup";
  changes.exchange.faults.add({ name: "unavailable", cmdlet, isCarriedOut: true, times: 1 });

  const result = await create({ name: called, owners: [person().guid], members: [person().guid] });

  expect(result).toMatchObject({ outcome: "succeeded", members: [{ outcome: "added" }] });
  expect(groupsCalled(called)).toHaveLength(1);
});

test("waits until a new list can be read", async () => {
  changes.exchange.faults.add({ name: "late-objects", value: 3 });

  const result = await create({ name: newName("Late"), owners: [person().guid], members: [person().guid] });

  expect(result).toMatchObject({ outcome: "succeeded", members: [{ outcome: "added" }] });
});

test("says what a dry run would do, and makes nothing", async () => {
  const name = newName("Dry");
  const taken = tenant.addGroup({ name: newName("Taken") });
  const fields = { owners: [person().guid], members: [person().guid, "nobody"], dryRun: true };

  const free = await create({ name, ...fields });
  const used = await create({ name: taken.name, ...fields });

  expect(free).toMatchObject({
    dryRun: true,
    outcome: "partial",
    group: null,
    members: [{ outcome: "wouldBeAdded" }, { outcome: "notFound" }],
  });
  expect(free.userMessage).toContain(`${name} can be made.`);
  expect(used).toMatchObject({ outcome: "rejected", error: { code: "NAME_IN_USE" } });
  expect(groupsCalled(name)).toEqual([]);
});

function newName(kind: string): string {
  count += 1;
  return `${kind} ${String(count).padStart(4, "0")}`;
}

const taken = "Another object with the same value for property proxyAddresses already exists.";

test("tells at once that an address is taken in the other directory, whatever its wrapper calls that", async () => {
  changes.exchange.faults.add({ name: "directory-write", value: taken, cmdlet: "New-DistributionGroup" });
  const name = newName("Elsewhere");

  const result = await create({ name, owners: [person().guid] });

  expect(result).toMatchObject({ final: true, outcome: "rejected", error: { code: "ADDRESS_IN_USE" }, attempts: 1 });
  expect(groupsCalled(name)).toEqual([]);
});

test("finds its list where that was made although the other directory refused", async () => {
  changes.exchange.faults.add({
    ...{ name: "directory-write", value: taken, cmdlet: "New-DistributionGroup", times: 1 },
    isCarriedOut: true,
  });
  const name = newName("Elsewhere");

  const result = await create({ name, owners: [person().guid] });

  expect(result).toMatchObject({ outcome: "succeeded", group: { id: groupsCalled(name)[0]?.guid } });
});

test("waits for an owner who is so new that the list cannot be made yet", async () => {
  const owner = person({ displayName: "Nina New", whenCreatedMs: Date.now() });
  const creating = "New-DistributionGroup";
  changes.exchange.faults.add({ name: "late-objects", value: 86_400, cmdlet: creating, times: 1 });

  const result = await create({ name: newName("Early"), owners: [owner.guid] });

  expect(result).toMatchObject({ outcome: "succeeded", attempts: 2 });
});

test("says who is too new to own a list, and that it may work later", async () => {
  const owner = person({ displayName: "Nina New", whenCreatedMs: Date.now() });
  changes.exchange.faults.add({ name: "late-objects", value: 86_400, cmdlet: "New-DistributionGroup" });

  const result = await create({ name: newName("Early"), owners: [person().guid, owner.guid] });

  expect(result).toMatchObject({ outcome: "failed", error: { code: "OBJECT_NOT_YET_KNOWN" }, attempts: 5 });
  expect(result.userMessage).toMatch(/^Nina New is so new .+ Please try again later\.$/);
});

test.each([
  {
    what: "an account without a mailbox",
    fields: { recipientTypeDetails: "User" },
    code: "MAILBOX_MISSING",
    says: "has an account but no mailbox yet",
  },
  { what: "a disabled account", fields: { isAccountDisabled: true }, code: "CHANGE_REFUSED", says: "is disabled" },
] as const)("refuses $what as owner, in the dry run as for good", async ({ fields, code, says }) => {
  const owner = person({ displayName: "Olaf Owner", ...fields });
  const request = { name: newName("Owned"), owners: [owner.userPrincipalName] };

  const results = [await create({ ...request, dryRun: true }), await create(request)];

  for (const result of results) {
    expect(result).toMatchObject({ outcome: "rejected", error: { code } });
    expect(result.userMessage).toMatch(new RegExp(`Olaf Owner.*${says}`));
  }
});

test("says of a list in a security group that its members gain no access", async () => {
  const inner = tenant.addGroup({ name: newName("Inner"), displayName: "Inner crew" });

  const result = await create({
    name: newName("Keys"),
    type: "security",
    owners: [person().guid],
    members: [inner.guid],
  });

  expect(result).toMatchObject({ outcome: "succeeded", members: [{ outcome: "added" }] });
  expect(result.userMessage).toContain("Whoever is in Inner crew gets the mail, but no access");
});

test.each([
  ["R&D", "R D"],
  ["Equipe Ouest", "\u00c9quipe Ouest"],
])("makes both %s and %s, each with an alias of its own", async (one, other) => {
  const results = [];
  for (const name of [one, other]) results.push(await create({ name, owners: [person().guid] }));

  expect(results).toMatchObject([{ outcome: "succeeded" }, { outcome: "succeeded" }]);
  const [first, second] = [one, other].map((name) => groupsCalled(name)[0]?.alias);
  expect(second).toBe(`${first}-2`);
});

test("takes another alias where a mailbox has the address that would follow from it", async () => {
  tenant.addUser({
    ...{ name: newName("Post"), recipientTypeDetails: "SharedMailbox" },
    otherAddresses: [`smtp:Kontakt@${tenant.defaultDomain}`],
  });

  const result = await create({ name: "Kontakt", owners: [person().guid] });

  expect(result).toMatchObject({ outcome: "succeeded", group: { address: `Kontakt-2@${tenant.defaultDomain}` } });
});

test("takes another alias where the address that was asked for is free", async () => {
  person({ name: newName("Holder"), alias: "Helpdesk" });
  const primarySmtpAddress = `helpdesk@${tenant.defaultDomain}`;

  const result = await create({ name: "Helpdesk", primarySmtpAddress, owners: [person().guid] });

  expect(result).toMatchObject({ outcome: "succeeded", group: { address: primarySmtpAddress } });
  expect(groupsCalled("Helpdesk")).toMatchObject([{ alias: "Helpdesk-2" }]);
});

test.each([
  ["Stra\u00dfe", "Strasse"],
  ["\u0141\u00f3d\u017a", "Lodz"],
  ["\u00d8dz", "Odz"],
  ["\u56e2\u961f 2024", "TuanDui-2024"],
  ["\u041e\u0442\u0434\u0435\u043b 7", "Otdel-7"],
])("writes the alias of %s as %s", async (name, alias) => {
  await create({ name, owners: [person().guid] });

  expect(groupsCalled(name)).toMatchObject([{ alias }]);
});

test("says what is taken, and by whom where that may be told, in the dry run as for good", async () => {
  const name = newName("Budget");
  const holder = tenant.addUser({ name, displayName: newName("Money"), alias: newName("m").replace(" ", "") });
  tenant.addGroup({ name: newName("Crew"), displayName: name });
  const account = tenant.addUser({ name: newName("Account"), recipientTypeDetails: "User" });
  const hidden = tenant.addUser({ name: newName("Hidden"), isHiddenFromAddressLists: true });
  const owners = [person().guid];
  const alias = person().alias;
  const primarySmtpAddress = holder.primarySmtpAddress;

  const asked = [
    { name },
    { name: account.name },
    { name: hidden.name },
    { name: newName("Free"), primarySmtpAddress },
    { name: newName("Free"), alias },
  ];
  const rehearsed = await Promise.all(asked.map((fields) => create({ ...fields, owners, dryRun: true })));
  const done = await Promise.all(asked.map((fields) => create({ ...fields, owners })));

  const said = [
    `The name "${name}" is taken by ${holder.displayName}, person (${holder.primarySmtpAddress}). Please choose another one.`,
    `The name "${account.name}" is taken by ${account.displayName}, account without a mailbox. Please choose another one.`,
    `The name "${hidden.name}" is taken. Please choose another one.`,
    `The address ${primarySmtpAddress} is taken by ${holder.displayName}, person (${primarySmtpAddress}). Please choose another one.`,
    expect.stringMatching(new RegExp(`^The alias "${alias}" is taken by `)),
  ];
  expect(rehearsed.map(({ userMessage }) => userMessage)).toEqual(said);
  expect(done.map(({ userMessage }) => userMessage)).toEqual(said);
  for (const result of [...rehearsed, ...done]) expect(result.outcome).toBe("rejected");
});

test("says that the organization's naming policy makes a name too long, and how long it may be", async () => {
  tenant.groupNamingPolicy = { prefix: "Department of everything " };
  const request = { name: newName(`A list with ${"very ".repeat(7)}`), owners: [person().guid] };

  const rehearsed = await create({ ...request, dryRun: true });
  const result = await create(request);

  expect(rehearsed.userMessage).toContain("rules for names");
  expect(result).toMatchObject({ outcome: "rejected", error: { code: "VALUE_REFUSED" } });
  expect(result.userMessage).toContain("The maximum length is 64 and the length of the value provided is ");
});

test("makes a list whose name another object has, where the naming policy makes another name of it", async () => {
  tenant.groupNamingPolicy = { prefix: "DL " };
  const name = newName("Prefixed");
  person({ name, alias: newName("holder").replace(" ", "") });

  const result = await create({ name, owners: [person().guid] });

  expect(result).toMatchObject({ outcome: "succeeded", group: { id: groupsCalled(`DL ${name}`)[0]?.guid } });
});

test("goes by what the other directory says of any property that has to be an object's alone", async () => {
  const value = "Another object with the same value for property mailNickname already exists.";
  changes.exchange.faults.add({ name: "directory-write", value, cmdlet: "New-DistributionGroup" });

  const result = await create({ name: newName("Odd"), owners: [person().guid] });

  expect(result).toMatchObject({ outcome: "rejected", error: { code: "ADDRESS_IN_USE" }, attempts: 1 });
});
