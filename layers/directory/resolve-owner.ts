import { accountsByIdentity } from "#directory/accounts";
import { recipientsByIdentity } from "#directory/find-recipient";
import { isDistributionGroupType, isOtherGroupType } from "#directory/group-types";
import { fits } from "#directory/identifies";
import { isPerson } from "#directory/people";
import type { Candidate, IdentifiedRow, Recipient } from "#directory/recipient";
import { requireRecipient } from "#directory/resolve-recipient";
import { isBuiltInRoleGroup } from "#directory/role-groups";
import { searchIdentity, toCandidates } from "#directory/search-identity";
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
export type UnusableReason = (typeof unusableReasons)[number];

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
