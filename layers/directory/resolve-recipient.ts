import { findRecipient } from "#directory/find-recipient";
import { unexpectedRow } from "#directory/read-each";
import { type IdentifiedRow, type Recipient, recipientSchema, toRecipientFields } from "#directory/recipient";
import type { Resolution } from "#directory/search-identity";
import type { ExchangeReader, ReadOptions } from "#exchange/client";
import { objectId } from "#exchange/values";
import { summarizeIssues } from "#runtime/text";

/** The one recipient of any kind that an identity names. Accounts without mail are no recipients and are not found. */
export async function resolveRecipient(
  reader: ExchangeReader,
  identity: string,
  options: ReadOptions,
): Promise<Resolution<Recipient>> {
  const resolution = await findRecipient(reader, { identity }, options);
  return "found" in resolution ? { found: requireRecipient(resolution.found) } : resolution;
}

/** What a row tells of a recipient. Throws where that is not enough to work with. */
export function requireRecipient(row: IdentifiedRow): Recipient {
  const recipient = recipientSchema.safeParse(toRecipientFields(row));
  if (recipient.success) return recipient.data;
  throw unexpectedRow({ id: objectId(row), reason: summarizeIssues(recipient.error) });
}
