import type { DirectoryRecord } from "#local/exchange/tenant/directory-record";
import type { Tenant } from "#local/exchange/tenant/tenant";

export type Samples = ReturnType<typeof pickSamples>;

/** Objects of a generated tenant to ask for, the same ones for the same seed. Throws where it has none of a kind. */
export function pickSamples({ records }: Tenant) {
  const lists = records.filter(isList).sort((one, other) => membersOf(one).length - membersOf(other).length);
  const people = records.filter(isPerson);
  const list = pick("list with people in it", lists, (each) => !each.isDirSynced && membersOf(each).some(isPerson));
  const outside = people.filter((person) => !membersOf(list).includes(person));
  return {
    list,
    /** Who is in the list. */
    member: pick("member", membersOf(list), isPerson),
    /** Who is not. */
    stranger: pick("stranger", outside, () => true),
    others: outside.slice(1, 5),
    /** Has lists in it. */
    nested: pick("list of lists", lists, (each) => membersOf(each).some(isList)),
    owned: pick("list with owners", lists, ({ group }) => (group?.managedBy.filter(isPerson).length ?? 0) > 1),
    ownedByRoleGroup: pick("list of a role group", lists, ({ group }) => isOwnedBy(group, "RoleGroup")),
    /** Mastered on-premises, and so not to be changed here. */
    synced: pick("synced list", lists, ({ isDirSynced }) => isDirSynced),
    /** A group of a kind that Get-DistributionGroup does not show. */
    team: pick("team", records, ({ recipientTypeDetails }) => recipientTypeDetails === "GroupMailbox"),
    /** Its name has quotes in it. */
    quoted: pick("list with quotes in its name", lists, ({ name }) => name.includes('"')),
    /** Shares the display name with others. */
    ambiguous: pick("ambiguous list", lists, (each) => lists.some((other) => isNamesake(each, other))),
  };
}

function pick(kind: string, records: readonly DirectoryRecord[], isWanted: (record: DirectoryRecord) => boolean) {
  const found = records.find(isWanted);
  if (found === undefined) throw new Error(`The tenant has no ${kind}.`);
  return found;
}

function isList({ recipientTypeDetails }: DirectoryRecord): boolean {
  return recipientTypeDetails === "MailUniversalDistributionGroup";
}

function isPerson({ recipientTypeDetails }: DirectoryRecord): boolean {
  return recipientTypeDetails === "UserMailbox";
}

function membersOf({ group }: DirectoryRecord): readonly DirectoryRecord[] {
  return [...(group?.members ?? [])];
}

function isOwnedBy(group: DirectoryRecord["group"], type: string): boolean {
  return group?.managedBy.some(({ recipientTypeDetails }) => recipientTypeDetails === type) ?? false;
}

function isNamesake(one: DirectoryRecord, other: DirectoryRecord): boolean {
  return one !== other && one.displayName === other.displayName;
}
