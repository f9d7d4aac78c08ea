import { readEnabled } from "#directory/accounts";
import { type CollectionReason, collectMembers, type OpenMembers } from "#directory/collect-members";
import { isPerson } from "#directory/people";
import type { Candidate } from "#directory/recipient";
import { nameObject, type Reference, referTo } from "#directory/reference";
import type { ResolvedGroup } from "#directory/resolve-group";
import { resolveOwner, type UnusableReason } from "#directory/resolve-owner";
import type { ExchangeReader, ReadOptions } from "#exchange/client";

export type Owner = {
  person: Reference;
  /** Whether the account may sign in; null where Exchange does not say. */
  isEnabled: boolean | null;
  /** The group that is an owner and has this person; null for one who is an owner. */
  through: Reference | null;
};

export type UnusableOwner = {
  /** As Exchange names it. */
  owner: string;
  reason: UnusableReason;
  /** What it is, where that is known. */
  found: Reference | null;
  candidates: Candidate[];
};

export type OwningGroup = {
  group: Reference;
  /** Why not all people in it are told; null where they are. */
  reason: CollectionReason | null;
};

export type Owners = { owners: Owner[]; groups: OwningGroup[]; unusable: UnusableOwner[] };

/** So many members of a group that is an owner are told at most. */
const membersPerGroup = 100;

type Options = ReadOptions & { openMembers: OpenMembers };

/**
 * Who owns a distribution group: people, each once, with those in groups that are owners; and whatever is an owner in whose
 * place nobody can be asked.
 */
export async function findOwners(
  reader: ExchangeReader,
  { owners = [], ownerNames = [] }: Pick<ResolvedGroup, "owners" | "ownerNames">,
  { openMembers, ...options }: Options,
): Promise<Owners> {
  const people: Omit<Owner, "isEnabled">[] = [];
  const groups: { owner: string; group: Reference }[] = [];
  const unusable: UnusableOwner[] = [];
  for (const owner of new Set(owners)) {
    const resolved = await resolveOwner(reader, { owner, ownerNames }, options);
    if ("person" in resolved) people.push({ person: referTo(resolved.person), through: null });
    else if ("group" in resolved) groups.push({ owner, group: referTo(resolved.group) });
    else unusable.push({ owner, ...resolved, found: resolved.found && referTo(resolved.found) });
  }

  const read: OwningGroup[] = [];
  for (const { owner, group } of groups) {
    const inside = await findPeople(openMembers, group, options);
    read.push({ group, reason: inside.reason });
    people.push(...inside.people.map((person) => ({ person, through: group })));
    if (inside.people.length === 0) unusable.push({ owner, reason: "emptyGroup", found: group, candidates: [] });
  }
  return { owners: await withEnabled(reader, eachOnce(people), options), groups: read, unusable };
}

/** The people in a group. */
async function findPeople(openMembers: OpenMembers, group: Reference, { deadline }: ReadOptions) {
  const bounds = { scope: "all", limit: membersPerGroup, deadline } as const;
  const { members, reason } = await collectMembers(openMembers, group, bounds);
  const people = members.filter(({ member }) => isPerson({ recipientType: member.type }));
  return { people: people.map(({ member }) => nameObject(member)), reason };
}

function eachOnce<Found extends { person: Reference }>(people: readonly Found[]): Found[] {
  const seen = new Set<string>();
  return people.filter(({ person }) => {
    const isNew = !seen.has(person.id);
    seen.add(person.id);
    return isNew;
  });
}

async function withEnabled<Found extends { person: Reference }>(
  reader: ExchangeReader,
  people: readonly Found[],
  options: ReadOptions,
): Promise<(Found & Pick<Owner, "isEnabled">)[]> {
  const ids = people.map(({ person }) => person.id);
  const enabled = await readEnabled(reader, ids, options);
  return people.map((found) => ({ ...found, isEnabled: enabled.get(found.person.id) ?? null }));
}
