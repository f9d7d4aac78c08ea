import { expect, test } from "vitest";
import { findServedCmdlet } from "#local/exchange/cmdlets/cmdlets";
import { queryRecipients } from "#local/exchange/cmdlets/recipient-query";
import type { DirectoryRecord } from "#local/exchange/tenant/directory-record";
import { generateTenant } from "#local/exchange/tenant/generate";
import { distributionGroupTypes } from "#local/exchange/tenant/recipient-types";

const people = ["UserMailbox", "LinkedMailbox", "LegacyMailbox", "MailUser", "GuestMailUser", "RemoteUserMailbox"];
const accounts = [...people, "User", "DisabledUser", "LinkedUser"];

test.each([0, 1, 999, 2_000])("holds exactly %i users for either source", (users) => {
  const tenant = generateTenant({ users, groups: 10, seed: users });

  const recipients = queryRecipients(tenant, { recipientTypeDetails: people, select: ["Guid"] });
  const seen = findServedCmdlet("Get-User")?.run(tenant, { RecipientTypeDetails: accounts });

  expect(recipients).toHaveLength(users);
  expect(seen).toHaveLength(users);
  expect(new Set(recipients.map(({ properties }) => JSON.stringify(properties.Guid))).size).toBe(users);
});

test("follows from its seed alone", () => {
  const list = (seed: number) =>
    generateTenant({ users: 200, groups: 20, seed }).records.map((record) => [record.guid, record.name, record.alias]);

  expect(list(3)).toEqual(list(3));
  expect(list(3)).not.toEqual(list(4));
});

test("gives no two objects one name, alias or address", () => {
  const { records } = generateTenant({ users: 5_000, groups: 200, seed: 5 });
  const isUnique = (texts: string[]) => new Set(texts.map((text) => text.toLowerCase())).size === texts.length;
  const mailEnabled = records.filter(({ alias }) => alias !== "");

  expect(isUnique(records.map(({ name }) => name))).toBe(true);
  expect(isUnique(mailEnabled.map(({ alias }) => alias))).toBe(true);
  expect(isUnique(mailEnabled.map(({ primarySmtpAddress }) => primarySmtpAddress))).toBe(true);
});

test("holds what makes real directories awkward", () => {
  const { records } = generateTenant({ users: 5_000, groups: 200, seed: 6 });
  const some = (holds: (record: DirectoryRecord) => boolean) => records.some(holds);

  for (const script of [
    /\p{Script=Han}/u,
    /\p{Script=Arabic}/u,
    /\p{Script=Hebrew}/u,
    /\p{Script=Cyrillic}/u,
    /🚀/u,
    /é/,
  ]) {
    expect(
      some(({ displayName }) => script.test(displayName)),
      String(script),
    ).toBe(true);
  }
  for (const character of ["'", '"', "&", "<", "*", "`", "$(", ";", "[", "\\", ","]) {
    expect(
      some(({ displayName }) => displayName.includes(character)),
      character,
    ).toBe(true);
  }
  expect(some(({ name, externalDirectoryObjectId }) => name === externalDirectoryObjectId)).toBe(true);
  expect(
    some((record) => record.recipientTypeDetails === "UserMailbox" && record.externalDirectoryObjectId === ""),
  ).toBe(true);
  expect(some((record) => record.recipientTypeDetails === "UserMailbox" && record.isAccountDisabled)).toBe(true);
  expect(some(({ otherAddresses }) => otherAddresses.some((address) => address.startsWith("X500:")))).toBe(true);
  expect(new Set(records.map(({ displayName }) => displayName)).size).toBeLessThan(records.length);
});

test("holds exactly the groups asked for, in cycles and diamonds, some mastered on-premises, some owned by a role group", () => {
  const { records } = generateTenant({ users: 1_000, groups: 300, seed: 7 });
  const groups = records.filter(({ recipientTypeDetails }) => distributionGroupTypes.includes(recipientTypeDetails));
  const parentsOf = (group: DirectoryRecord) => groups.filter((parent) => parent.group?.members.has(group));

  expect(groups).toHaveLength(300);
  expect(groups.some((group) => group.group?.members.has(group))).toBe(true);
  expect(groups.some((group) => isBelow(group, group, new Set()) && !group.group?.members.has(group))).toBe(true);
  expect(groups.some((group) => parentsOf(group).length > 1)).toBe(true);
  expect(groups.some(({ isDirSynced }) => isDirSynced)).toBe(true);
  expect(
    groups.some(({ group }) =>
      group?.managedBy.some(({ recipientTypeDetails }) => recipientTypeDetails === "RoleGroup"),
    ),
  ).toBe(true);
  expect(new Set(groups.map(({ recipientTypeDetails }) => recipientTypeDetails)).size).toBeGreaterThanOrEqual(3);
});

test("puts everybody into the first group, directly or through others", () => {
  const { records } = generateTenant({ users: 500, groups: 30, seed: 8 });
  const first = records.find(({ name }) => name === "All Employees");
  const people = records.filter(({ recipientTypeDetails }) => recipientTypeDetails === "UserMailbox");

  const seen = new Set<DirectoryRecord>();
  if (first) collect(first, seen);

  expect(people.every((person) => seen.has(person))).toBe(true);
});

function isBelow(group: DirectoryRecord, wanted: DirectoryRecord, seen: Set<DirectoryRecord>): boolean {
  for (const member of group.group?.members ?? []) {
    if (member === wanted) return true;
    if (seen.has(member)) continue;
    seen.add(member);
    if (isBelow(member, wanted, seen)) return true;
  }
  return false;
}

function collect(group: DirectoryRecord, seen: Set<DirectoryRecord>): void {
  for (const member of group.group?.members ?? []) {
    if (seen.has(member)) continue;
    seen.add(member);
    collect(member, seen);
  }
}
