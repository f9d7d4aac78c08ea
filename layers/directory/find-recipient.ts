import { readEach } from "#directory/read-each";
import { type IdentifiedRow, identifyingRecipient } from "#directory/recipient";
import { type ReadByIdentity, type Resolution, resolveIdentity } from "#directory/search-identity";
import type { ExchangeReader, ReadOptions } from "#exchange/client";
import type { RecipientType } from "#exchange/cmdlets/get-exorecipient";

export type RecipientQuery = { identity: string; types?: RecipientType[] };

/** Finds the object of these kinds, or of any, that an identity names. See resolveIdentity. */
export async function findRecipient(
  reader: ExchangeReader,
  { identity, types }: RecipientQuery,
  options: ReadOptions,
): Promise<Resolution<IdentifiedRow>> {
  return resolveIdentity(identity, recipientsByIdentity(reader, options, types));
}

/** Reads recipients of these kinds, or of any, by what names them. */
export function recipientsByIdentity(
  reader: ExchangeReader,
  options: ReadOptions,
  types?: RecipientType[],
): ReadByIdentity<IdentifiedRow> {
  const kinds = types === undefined ? {} : { RecipientTypeDetails: types };
  return (identity, limit) =>
    readEach(reader, identifyingRecipient, { Identity: identity, ResultSize: limit, ...kinds }, options);
}
