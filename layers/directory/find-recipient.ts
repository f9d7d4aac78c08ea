import { fits, identifies } from "#directory/identifies";
import { type Candidate, type IdentifiedRow, identifyingRecipient, toCandidate } from "#directory/recipient";
import type { ExchangeClient, ReadOptions } from "#exchange/client";
import type { RecipientType } from "#exchange/cmdlets/get-exorecipient";
import { objectId } from "#exchange/object-id";
import type { ErrorCode } from "#runtime/error-codes";
import { ExchangeError } from "#runtime/exchange-error";

/** The one object an identity names; or none; or those it may have meant, as far as they are known. */
export type Resolution<Found> = { found: Found } | { notFound: true } | { ambiguous: Candidate[] };

export type RecipientQuery = { identity: string; types?: RecipientType[] };

/** As many candidates as a person can choose from. */
const candidateLimit = 10;
const beginningLimit = 100;

/**
 * Finds the object of these kinds, or of any, that an identity names. Exchange may take an identity for a pattern and looks
 * at display names too, so whatever it finds has to be identified by what was asked.
 */
export async function findRecipient(
  client: ExchangeClient,
  query: RecipientQuery,
  options: ReadOptions,
): Promise<Resolution<IdentifiedRow>> {
  const limit = candidateLimit + 1;
  try {
    const rows = await read(client, query, limit, options);
    const [named, ...others] = rows.filter((row) => identifies(query.identity, row));
    if (rows.length === 0) return { notFound: true };
    if (named && others.length === 0 && rows.length < limit) return { found: named };
    return { ambiguous: toCandidates(named && others.length > 0 ? [named, ...others] : rows) };
  } catch (error) {
    if (hasCode(error, ["OBJECT_NOT_FOUND"])) return { notFound: true };
    if (!hasCode(error, ["OBJECT_AMBIGUOUS"])) throw error;
    return { ambiguous: toCandidates(await readFitting(client, query, options)) };
  }
}

/**
 * Exchange does not say between which objects it cannot choose. All that begin with the identity are asked for, because
 * text of people goes into no filter, and those that fit it whole are taken.
 */
async function readFitting(
  client: ExchangeClient,
  { identity, ...query }: RecipientQuery,
  options: ReadOptions,
): Promise<IdentifiedRow[]> {
  try {
    const rows = await read(client, { ...query, identity: `${identity}*` }, beginningLimit, options);
    return rows.filter((row) => fits(identity, row));
  } catch (error) {
    if (hasCode(error, ["OBJECT_NOT_FOUND", "OBJECT_AMBIGUOUS", "PARAMETERS_REJECTED"])) return [];
    throw error;
  }
}

async function read(
  client: ExchangeClient,
  { identity, types }: RecipientQuery,
  limit: number,
  options: ReadOptions,
): Promise<IdentifiedRow[]> {
  const kinds = types === undefined ? {} : { RecipientTypeDetails: types };
  const parameters = { Identity: identity, ResultSize: limit, ...kinds };
  const rows = new Map<string | undefined, IdentifiedRow>();
  for await (const parsed of client.read(identifyingRecipient, parameters, options)) {
    if (!parsed.ok) throw unexpectedRow(parsed);
    rows.set(objectId(parsed.row), parsed.row);
  }
  return [...rows.values()];
}

/** The error for a row that is not as Exchange's rows are. */
export function unexpectedRow({ id, reason }: { id: string | undefined; reason: string }): ExchangeError {
  return new ExchangeError(
    "UNEXPECTED",
    `Exchange's row of the object ${id ?? "without id"} is not as expected: ${reason}`,
  );
}

function toCandidates(rows: readonly IdentifiedRow[]): Candidate[] {
  return rows.slice(0, candidateLimit).map(toCandidate);
}

function hasCode(error: unknown, codes: readonly ErrorCode[]): boolean {
  return error instanceof ExchangeError && codes.includes(error.code);
}
