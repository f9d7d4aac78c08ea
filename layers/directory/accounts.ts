import * as z from "zod";
import { readEach } from "#directory/read-each";
import type { IdentifiedRow } from "#directory/recipient";
import type { ReadByIdentity } from "#directory/search-identity";
import type { ExchangeReader, ReadOptions } from "#exchange/client";
import { flagProperty, selectProperties, textProperty } from "#exchange/cmdlet";
import { getUser } from "#exchange/cmdlets/get-user";
import { filterByIds, objectId } from "#exchange/values";
import { chunk } from "#runtime/text";

const accountRowSchema = z.looseObject({
  ExchangeObjectId: textProperty,
  Guid: textProperty,
  ExternalDirectoryObjectId: textProperty,
  RecipientTypeDetails: z.string(),
  DistinguishedName: textProperty,
  UserPrincipalName: textProperty,
  WindowsEmailAddress: textProperty,
  DisplayName: textProperty,
  Name: textProperty,
  AccountDisabled: flagProperty,
});

const identifyingAccount = selectProperties(getUser, accountRowSchema);

const idsPerQuery = 20;

/** Reads accounts, those without mail too, by what names them. */
export function accountsByIdentity(reader: ExchangeReader, options: ReadOptions): ReadByIdentity<IdentifiedRow> {
  return async (identity, limit) => {
    const rows = await readEach(reader, identifyingAccount, { Identity: identity, ResultSize: limit }, options);
    return rows.map((row) => ({
      ...row,
      PrimarySmtpAddress: row.WindowsEmailAddress,
      WindowsLiveID: row.UserPrincipalName,
    }));
  };
}

/** Whether each of these accounts may sign in, by id. What is no account, and what Exchange does not say, is not there. */
export async function readEnabled(
  reader: ExchangeReader,
  ids: Iterable<string>,
  options: ReadOptions,
): Promise<Map<string, boolean>> {
  const enabled = new Map<string, boolean>();
  for (const some of chunk([...new Set(ids)], idsPerQuery)) {
    const Filter = filterByIds(some);
    const rows = await readEach(reader, identifyingAccount, { Filter, ResultSize: "Unlimited" }, options);
    for (const row of rows) {
      const id = objectId(row);
      if (id !== undefined && typeof row.AccountDisabled === "boolean") enabled.set(id, !row.AccountDisabled);
    }
  }
  return enabled;
}
