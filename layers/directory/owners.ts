import { type CollectionReason, collectMembers, type OpenMembers } from "#directory/collect-members";
import { type Candidate, fits, type IdentifiedRow, searchIdentity, toCandidates } from "#directory/identity";
import { isBuiltInRoleGroup, isDistributionGroupType, isOtherGroupType } from "#directory/recipient-types";
import {
  accountsByIdentity,
  type Recipient,
  readEnabled,
  recipientsByIdentity,
  requireRecipient,
} from "#directory/recipients";
import { nameObject, type Reference, referTo } from "#directory/reference";
import type { ResolvedGroup } from "#directory/resolve-group";
import { isPerson } from "#directory/users";
import type { ExchangeReader, ReadOptions } from "#exchange/client";
import { parseGuid } from "#exchange/values";

/** Why nobody can be asked in an owner's place. */
export const unusableReasons = [
  "roleGroup",
  "notFound",
  "ambiguous",
  "notPerson",
  "unlistedGroup",
  "emptyGroup",
] as const;
type UnusableReason = (typeof unusableReasons)[number];

export type ResolvedOwner =
  | { person: Recipient }
  | { group: Recipient }
  | { reason: UnusableReason; found: Recipient | null; candidates: Candidate[] };

type OwnerText = {
  /** As ManagedBy has it: the owner's name in the directory, or an id or distinguished name. */
  owner: string;
  /** What Exchange says of the group's owners beside it, where it does: texts with addresses. */
  ownerNames: readonly string[];
};

/**
 * The one object that an entry of ManagedBy stands for. Its name in the directory has to be the entry's, which no two objects
 * share where owners are kept; what is only shown by that name, or reached under it, is somebody else.
 */
export async function resolveOwner(
  reader: ExchangeReader,
  { owner, ownerNames }: OwnerText,
  options: ReadOptions,
): Promise<ResolvedOwner> {
  let isCertain = true;
  const others: IdentifiedRow[] = [];
  for (const read of [recipientsByIdentity(reader, options), accountsByIdentity(reader, options)]) {
    const isFitting = (row: IdentifiedRow) => isNamed(owner, row) || fits(owner, row);
    const { rows, isWhole } = await searchIdentity(owner, read, isFitting);
    const named = withAddresses(
      rows.filter((row) => isNamed(owner, row)),
      ownerNames,
    );
    const [only, ...more] = named;
    if (only) return more.length === 0 ? judge(requireRecipient(only)) : unclear(named);
    isCertain &&= isWhole;
    others.push(...rows);
  }
  if (isBuiltInRoleGroup(owner)) return { reason: "roleGroup", found: null, candidates: [] };
  return isCertain ? { reason: "notFound", found: null, candidates: [] } : unclear(others);
}

function isNamed(owner: string, row: IdentifiedRow): boolean {
  const ids = [row.ExchangeObjectId, row.Guid, row.ExternalDirectoryObjectId].map(parseGuid);
  const names = [row.Name, row.DistinguishedName].map((name) => name?.toLowerCase());
  const folded = owner.toLowerCase();
  return names.includes(folded) || ids.includes(folded);
}

/** Of several those whose address is told of the owners; the others too where that decides nothing. */
function withAddresses(rows: IdentifiedRow[], ownerNames: readonly string[]): IdentifiedRow[] {
  if (rows.length < 2) return rows;
  const words = ownerNames.flatMap((text) => text.toLowerCase().split(/[\s(),;<>]+/));
  const addresses = words.filter((word) => /^[^@]+@./.test(word));
  const told = rows.filter(({ PrimarySmtpAddress: address }) => address && addresses.includes(address.toLowerCase()));
  return told.length > 0 ? told : rows;
}

function judge(found: Recipient): ResolvedOwner {
  if (isPerson(found)) return { person: found };
  if (isDistributionGroupType(found.recipientType)) return { group: found };
  return { reason: isOtherGroupType(found.recipientType) ? "unlistedGroup" : "notPerson", found, candidates: [] };
}

function unclear(rows: readonly IdentifiedRow[]): ResolvedOwner {
  return { reason: "ambiguous", found: null, candidates: toCandidates(rows) };
}

type Owner = {
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

type OwningGroup = {
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
