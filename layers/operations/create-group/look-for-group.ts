import { type IdentifiedRow, type ReadByIdentity, searchIdentity, toCandidates } from "#directory/identity";
import { accountsByIdentity, recipientsByIdentity, whereAllowed } from "#directory/recipients";
import { type NamedObject, referTo } from "#directory/reference";
import { type ResolvedGroup, resolveGroup } from "#directory/resolve-group";
import type { ExchangeReader, ReadOptions } from "#exchange/client";
import { objectId } from "#exchange/values";
import type { CreateGroupAttempt, CreateGroupRequest } from "#operations/create-group/request";
import { type ResultBody, reject } from "#operations/result";
import { ExchangeError } from "#runtime/errors";

/** The group that an operation has made, or why it cannot make one. */
export type Made = { group: NamedObject } | { body: ResultBody };

type Seen = {
  /** The operation's own group; or that another object has what was asked for; undefined where neither is to be seen. */
  known?: Made;
  /** Whether another object has the alias that the group is to have. */
  isAliasHeld: boolean;
};

/** What the notes of the group say, by which an attempt after this one knows it. */
export function markOf({ operationId }: CreateGroupRequest): string {
  return `exchange-online-gateway: made by the operation ${operationId}`;
}

/**
 * Looks for the group of this operation, and for what is in its way; ambiguous is not free. Each object that is found is
 * judged once, as it was seen then. Throws `OUTCOME_UNKNOWN` for a group without the mark that may be ours all the same: its
 * notes can be edited.
 */
export async function look(
  request: CreateGroupRequest,
  { client, deadline, state }: CreateGroupAttempt,
): Promise<Seen> {
  const { name, primarySmtpAddress: address } = request;
  const options = { deadline };
  const recipients = recipientsByIdentity(client, options);
  const accounts = accountsByIdentity(client, options);
  // Accounts without mail hold names too.
  const searches: { text: string; read: ReadByIdentity<IdentifiedRow> }[] = [
    { text: name, read: recipients },
    { text: name, read: (text, limit) => whereAllowed(() => accounts(text, limit), []) },
    ...(isSame(name, state.alias) ? [] : [{ text: state.alias, read: recipients }]),
    ...(address === undefined ? [] : [{ text: address, read: recipients }]),
  ];
  const seen: Seen = { isAliasHeld: false };
  for (const { text, read } of searches) {
    for (const row of (await searchIdentity(text, read)).rows) {
      const isMarked = row.Notes === markOf(request);
      if (isMarked || isSame(row.Alias, state.alias)) {
        const found = await readAsGroup(client, row, options);
        // It was there a moment ago: what it is, the next look may tell.
        if (found === undefined) continue;
        if (isMarked || found.notes === markOf(request)) return { known: { group: nameOf(found) }, isAliasHeld: false };
        if (mayBeOwn(found, state)) throw unclear(found, state);
      }
      seen.isAliasHeld ||= isSame(row.Alias, state.alias);
      const taken = whatItHas(row, request);
      if (taken && !seen.known) seen.known = rejectTaken(...taken, { holder: row });
    }
  }
  return seen;
}

/** The object of a row with what only a group has; undefined where it is not there any more. */
async function readAsGroup(
  reader: ExchangeReader,
  row: IdentifiedRow,
  options: ReadOptions,
): Promise<ResolvedGroup | undefined> {
  const id = objectId(row);
  if (id === undefined) return undefined;
  const resolution = await resolveGroup(reader, id, options);
  return "found" in resolution ? resolution.found : undefined;
}

function nameOf(group: ResolvedGroup): NamedObject {
  const { type: _, ...named } = referTo(group);
  return named;
}

function unclear({ id }: ResolvedGroup, { alias }: CreateGroupAttempt["state"]): ExchangeError {
  const message = `The group ${id} has the alias "${alias}" and was made after this operation had been about to make it, but its notes do not say by whom.`;
  return new ExchangeError("OUTCOME_UNKNOWN", message);
}

/** Clocks of here and of Exchange may differ by so much. */
const clockMarginMs = 5 * 60_000;

function mayBeOwn(found: ResolvedGroup, { alias, intendedAt }: CreateGroupAttempt["state"]): boolean {
  if (intendedAt === null || !isSame(found.alias, alias) || !found.createdAt) return false;
  return Date.parse(found.createdAt) >= Date.parse(intendedAt) - clockMarginMs;
}

type Taken = [code: "NAME_IN_USE" | "ADDRESS_IN_USE", what: string];

/** What of that which was asked for this object has. */
function whatItHas(
  row: IdentifiedRow,
  { name, alias, primarySmtpAddress: address }: CreateGroupRequest,
): Taken | undefined {
  const addresses = [row.PrimarySmtpAddress, ...(row.EmailAddresses ?? [])].map((each) => each?.replace(/^smtp:/i, ""));
  if (isSame(row.Name, name)) return ["NAME_IN_USE", `The name "${name}"`];
  if (addresses.some((each) => isSame(each, address))) return ["ADDRESS_IN_USE", `The address ${address}`];
  return isSame(row.Alias, alias) ? ["ADDRESS_IN_USE", `The alias "${alias}"`] : undefined;
}

/** The result of a request for what another object has, and which that is, where it may be told. */
export function rejectTaken(
  code: "NAME_IN_USE" | "ADDRESS_IN_USE",
  what: string,
  { holder, ...more }: { holder?: IdentifiedRow; message?: string },
): { body: ResultBody } {
  const [seen] = toCandidates(holder ? [holder] : []);
  const by = seen ? ` by ${seen.name}, ${seen.kind}${seen.address === null ? "" : ` (${seen.address})`}` : "";
  return reject(code, `${what} is taken${by}. Please choose another one.`, more);
}

function isSame(one: string | null | undefined, other: string | undefined): boolean {
  return other !== undefined && one?.toLowerCase() === other.toLowerCase();
}
