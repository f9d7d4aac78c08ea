import { beforeEach, expect, test } from "vitest";
import { generateTenant } from "#local/exchange/tenant/generate";
import type { Tenant } from "#local/exchange/tenant/tenant";
import { distinguishedNameOf, legacyExchangeDnOf } from "#local/exchange/tenant/tenant-address";

let tenant: Tenant;

beforeEach(() => {
  tenant = generateTenant({ users: 0, groups: 0, seed: 1 });
});

const everything = () => true;

test("finds an object by every id, address and name it has", () => {
  const user = tenant.addUser({
    name: "Smith, Jo",
    displayName: "Jo Smith",
    alias: "jos",
    userPrincipalName: "jo@contoso.com",
    primarySmtpAddress: "jo.smith@contoso.com",
    otherAddresses: ["smtp:j@contoso.com", "X500:/o=Old/cn=jo"],
  });

  const identities = [
    user.guid.toUpperCase(),
    user.exchangeGuid,
    user.externalDirectoryObjectId,
    distinguishedNameOf(tenant.address, user.name),
    `${tenant.domain}/Smith, Jo`,
    legacyExchangeDnOf(user),
    "JO@contoso.com",
    "jo.smith@contoso.com",
    "smtp:j@contoso.com",
    "j@contoso.com",
    "X500:/o=Old/cn=jo",
    "smith, jo",
    "Jo Smith",
    "JOS",
  ];

  for (const identity of identities) expect(tenant.find(identity, everything), identity).toEqual([user]);
});

test("finds by id before it finds by name", () => {
  const first = tenant.addUser({ name: "first" });
  tenant.addUser({ name: "second", displayName: first.guid });

  expect(tenant.find(first.guid, everything)).toEqual([first]);
});

test("finds every object that shares a display name", () => {
  const twins = tenant.addUsers([
    { name: "a", displayName: "Same Name" },
    { name: "b", displayName: "Same Name" },
  ]);

  expect(tenant.find("same name", everything)).toEqual(twins);
});

test("keeps its records sorted by name through every change", () => {
  const names = () => tenant.records.filter(({ alias }) => alias.startsWith("t-")).map(({ name }) => name);
  const [c, a] = tenant.addUsers([
    { name: "c", alias: "t-1" },
    { name: "A", alias: "t-2" },
    { name: "b", alias: "t-3" },
  ]);
  expect(names()).toEqual(["A", "b", "c"]);
  if (!a || !c) throw new Error("no users");

  tenant.renameUser(a, "D");
  tenant.removeObject(c);

  expect(names()).toEqual(["b", "D"]);
});

test("gives out a new list of records after a change and the same one otherwise", () => {
  const before = tenant.records;
  expect(tenant.records).toBe(before);

  tenant.addUser({ name: "new" });

  expect(tenant.records).not.toBe(before);
  expect(before.some(({ name }) => name === "new")).toBe(false);
});

test("finds a renamed object under its new name alone", () => {
  const user = tenant.addUser({ name: "old", displayName: "shown" });
  tenant.find("old", everything);

  tenant.renameUser(user, "new");

  expect(tenant.find("old", everything).some(({ name }) => name === "old")).toBe(false);
  expect(tenant.find("new", everything)).toEqual([user]);
  expect(tenant.findByDistinguishedName(distinguishedNameOf(tenant.address, "new"))).toBe(user);
});

test("forgets a removed object as manager and member", () => {
  const manager = tenant.addUser({ name: "manager" });
  tenant.addUser({ name: "report", manager });
  const group = tenant.addGroup({ name: "group" });
  tenant.addMember(group, manager);
  expect(tenant.directReportsOf(manager)).toHaveLength(1);

  tenant.removeObject(manager);

  expect(manager.isRemoved).toBe(true);
  expect(group.group?.members.size).toBe(0);
  expect(tenant.find("manager", everything)).toEqual([]);
});

test("makes every added person an alias and address of their own, whatever their names", () => {
  const users = tenant.addUsers([{ name: "a" }, { name: "a!" }, { name: "a?" }, { name: "🚀" }]);

  expect(new Set(users.map(({ primarySmtpAddress }) => primarySmtpAddress)).size).toBe(4);
  expect(users[0]?.primarySmtpAddress).toBe(`a@${tenant.domain}`);
});

test("gives an account without mail no address and no mailbox", () => {
  const user = tenant.addUser({ name: "plain", recipientTypeDetails: "User" });

  expect(user).toMatchObject({ alias: "", primarySmtpAddress: "", userPrincipalName: `plain@${tenant.domain}` });
  expect(user.exchangeGuid).toMatch(/^0{8}-/);
});
