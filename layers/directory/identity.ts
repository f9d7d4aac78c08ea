import * as z from "zod";
import { knownOtherAddresses, knownText } from "#directory/fields";
import { waysToRead } from "#directory/pasted-identity";
import { kindInWords } from "#directory/recipient-types";
import { flagProperty, listProperty, textProperty } from "#exchange/cmdlet";
import { objectId, parseGuid } from "#exchange/values";
import { longestIdentity } from "#facts/longest-identity";
import { type ErrorCode, ExchangeError } from "#runtime/errors";

/** The properties that tell which object a row is. */
export const identifiedRowSchema = z.looseObject({
  ExchangeObjectId: textProperty,
  Guid: textProperty,
  ExternalDirectoryObjectId: textProperty,
  RecipientTypeDetails: z.string(),
  DistinguishedName: textProperty,
  PrimarySmtpAddress: textProperty,
  EmailAddresses: listProperty,
  WindowsLiveID: textProperty,
  DisplayName: textProperty,
  Name: textProperty,
  Alias: textProperty,
  ManagedBy: listProperty,
  Notes: textProperty,
  HiddenFromAddressListsEnabled: flagProperty,
});

export type IdentifiedRow = z.infer<typeof identifiedRowSchema>;

/** What one needs to choose among objects. */
export const candidateSchema = z.strictObject({
  id: z.string().exactOptional().describe("ExchangeObjectId: names the object for good."),
  name: z.string(),
  address: z.string().nullable(),
  alias: z.string().nullable().exactOptional(),
  type: z.string().describe("Exchange's RecipientTypeDetails."),
  kind: z.string().exactOptional().describe("The same in words: person, room, distribution list."),
});

export type Candidate = z.infer<typeof candidateSchema>;

/**
 * The one object an identity names; or none; or the one that it does not name but may have meant, because it is called so; or
 * several it may have meant, as far as they are known.
 */
export type Resolution<Found> =
  | { found: Found }
  | { notFound: true }
  | { suggested: Candidate }
  | { ambiguous: Candidate[] };

/** Reads so many objects at most that Exchange finds for an identity, each once. */
export type ReadByIdentity<Row> = (identity: string, limit: number) => Promise<Row[]>;

export type Search<Row> = {
  /** What was found: by any of its names, display names too. */
  rows: Row[];
  /** Exchange could not choose one of them. */
  isChoice: boolean;
  /** Whether these are all there are. */
  isWhole: boolean;
};

/** As many candidates as a person can choose from. */
const candidateLimit = 10;
const searchLimit = candidateLimit + 1;
const patternLimit = 100;

/**
 * The one object an identity names. Exchange may take an identity for a pattern and looks at names of every kind, so whatever
 * it finds has to be identified by what was asked. What looks like an address, a GUID or a distinguished name, and what
 * holds a wildcard, stands for the object that has it, or for none: no other one is suggested. Where nothing has the text as
 * it is, what it was pasted with is taken off and it is asked for once more.
 */
export async function resolveIdentity<Row extends IdentifiedRow>(
  identity: string,
  read: ReadByIdentity<Row>,
): Promise<Resolution<Row>> {
  const [asked = identity, ...otherWays] = waysToRead(identity);
  let resolution = await resolveText(asked, read);
  for (const way of otherWays) {
    if ("notFound" in resolution) resolution = await resolveText(way, read);
  }
  return resolution;
}

async function resolveText<Row extends IdentifiedRow>(
  identity: string,
  read: ReadByIdentity<Row>,
): Promise<Resolution<Row>> {
  const { rows, isChoice, isWhole } = await searchIdentity(toAsked(identity), read);
  const [named, ...others] = rows.filter((row) => identifies(identity, row));
  if (isExact(identity)) {
    // No two objects share an address, an id or a distinguished name.
    const isOnlyOne = isWhole || kindOfIdentity(identity) !== "name";
    if (named && others.length === 0 && isOnlyOne) return { found: named };
    return named || isChoice ? { ambiguous: toCandidates(named ? [named, ...others] : []) } : { notFound: true };
  }
  if (!isChoice && named && others.length === 0 && isWhole) return { found: named };
  const candidates = toCandidates(!isChoice && named && others.length > 0 ? [named, ...others] : rows);
  const [only, ...more] = candidates;
  // Of several, one alone may be seen by everybody.
  if (only && more.length === 0 && isWhole) return { suggested: only };
  return !isChoice && rows.length < 2 && !only ? { notFound: true } : { ambiguous: candidates };
}

/**
 * What Exchange finds for an identity as it is; nothing where it is longer than any. Exchange does not say between which
 * objects it cannot choose: all that begin with the identity are asked for then, and where these are too many all that end
 * with it, because text of people goes into no filter; those that fit it whole are taken.
 */
export async function searchIdentity<Row extends IdentifiedRow>(
  identity: string,
  read: ReadByIdentity<Row>,
  isFitting: (row: Row) => boolean = (row) => fits(identity, row),
): Promise<Search<Row>> {
  if (identity.length > longestIdentity) return { rows: [], isChoice: false, isWhole: true };
  try {
    const rows = await read(identity, searchLimit);
    return { rows, isChoice: false, isWhole: rows.length < searchLimit };
  } catch (error) {
    if (hasCode(error, ["OBJECT_NOT_FOUND"])) return { rows: [], isChoice: false, isWhole: true };
    if (!hasCode(error, ["OBJECT_AMBIGUOUS"])) throw error;
    // Whatever is called just so is among those that begin so, and among those that end so.
    const beginning = await readPattern(`${identity}*`, read);
    const ending = beginning.length < patternLimit ? [] : await readPattern(`*${identity}`, read);
    const found = new Map([...beginning, ...ending].map((row) => [objectId(row) ?? row, row]));
    const fitting = [...found.values()].filter(isFitting);
    const isWhole = fitting.length > 0 && [beginning, ending].some(({ length }) => length > 0 && length < patternLimit);
    return { rows: fitting, isChoice: true, isWhole };
  }
}

async function readPattern<Row>(pattern: string, read: ReadByIdentity<Row>): Promise<Row[]> {
  try {
    return await read(pattern, patternLimit);
  } catch (error) {
    if (hasCode(error, ["OBJECT_NOT_FOUND", "OBJECT_AMBIGUOUS", "PARAMETERS_REJECTED"])) return [];
    throw error;
  }
}

/** Whoever is hidden from the address lists is suggested to nobody. */
export function toCandidates(rows: readonly IdentifiedRow[]): Candidate[] {
  return rows
    .filter(({ HiddenFromAddressListsEnabled: isHidden }) => isHidden !== true)
    .slice(0, candidateLimit)
    .map(toCandidate);
}

/** The name is the one people see, where there is one. */
function toCandidate(row: IdentifiedRow): Candidate {
  const id = objectId(row);
  return {
    ...(id === undefined ? {} : { id }),
    name: knownText(row.DisplayName) ?? knownText(row.Name) ?? "",
    address: knownText(row.PrimarySmtpAddress) ?? null,
    alias: knownText(row.Alias) ?? null,
    type: row.RecipientTypeDetails,
    kind: kindInWords(row.RecipientTypeDetails),
  };
}

function hasCode(error: unknown, codes: readonly ErrorCode[]): boolean {
  return error instanceof ExchangeError && codes.includes(error.code);
}

/** What a caller's text can be meant as. Its looks decide: a name may be chosen so that it looks like something else. */
export type IdentityKind = "id" | "distinguishedName" | "address" | "name";

/** GUIDs in each of the ways that .NET reads and writes them. */
const guidLike = /^[{(]?[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}[)}]?$/;
const dnLike = /^(?:(?:cn|ou|dc|o|uid)\s*=|\/o=)/;
const addressLike = /^(?:(?=\S+$).+@.|(?:smtp|sip|x500|x400|eum|spo):.*$)/;

/** How a text looks, which tells the properties it is compared with. */
export function kindOfIdentity(identity: string): IdentityKind {
  const text = identity.trim().toLowerCase();
  if (guidLike.test(text)) return "id";
  if (dnLike.test(text)) return "distinguishedName";
  return addressLike.test(text) ? "address" : "name";
}

/** The identity as Exchange is asked for it: a GUID in the way that it writes them itself. */
function toAsked(identity: string): string {
  if (kindOfIdentity(identity) !== "id") return identity;
  return fold(identity).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

/** Whether a text can name one object alone, if any: no other is worth suggesting in its place. */
export function isExact(identity: string): boolean {
  return kindOfIdentity(identity) !== "name" || identity.includes("*");
}

/**
 * Whether the identity is this object's own, in any letter case: what looks like an address one of its addresses or its
 * sign-in name, a GUID one of its ids, a distinguished name that, and anything else its name or alias. A display name is
 * none of them: several objects may share it.
 */
export function identifies(identity: string, row: IdentifiedRow): boolean {
  return propertiesMeant(identity, row).includes(fold(identity));
}

/** Whether it is that, or a name that is the object's display name. */
export function fits(identity: string, row: IdentifiedRow): boolean {
  const isDisplayName = kindOfIdentity(identity) === "name" && row.DisplayName?.toLowerCase() === fold(identity);
  return isDisplayName || identifies(identity, row);
}

function propertiesMeant(identity: string, row: IdentifiedRow): (string | undefined)[] {
  switch (kindOfIdentity(identity)) {
    case "id":
      return [row.ExchangeObjectId, row.Guid, row.ExternalDirectoryObjectId].map((id) =>
        parseGuid(id)?.replaceAll("-", ""),
      );
    case "distinguishedName":
      return [row.DistinguishedName?.toLowerCase()];
    case "address":
      return addressesOf(row).map((address) => address?.toLowerCase());
    case "name":
      return [row.Name?.toLowerCase(), row.Alias?.toLowerCase()];
  }
}

/** Mail addresses without "smtp:", other proxy addresses with their prefix. */
function addressesOf(row: IdentifiedRow): (string | null | undefined)[] {
  const others = (row.EmailAddresses ?? []).filter((address) => !/^smtp:/i.test(address));
  return [row.PrimarySmtpAddress, row.WindowsLiveID, ...(knownOtherAddresses(row.EmailAddresses) ?? []), ...others];
}

/** The text as the properties it can be meant as have it. */
function fold(identity: string): string {
  const text = identity.toLowerCase();
  switch (kindOfIdentity(identity)) {
    case "id":
      return text.replaceAll(/[^0-9a-f]/g, "");
    case "address":
      return text.replace(/^smtp:/, "");
    default:
      return text;
  }
}
