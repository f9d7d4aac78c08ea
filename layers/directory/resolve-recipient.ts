import { findRecipient, type Resolution, unexpectedRow } from "#directory/find-recipient";
import { type IdentifiedRow, type Recipient, recipientSchema, toRecipientFields } from "#directory/recipient";
import type { ExchangeClient, ReadOptions } from "#exchange/client";
import { objectId } from "#exchange/object-id";
import { summarizeIssues } from "#exchange/summarize-issues";

/** The one recipient of any kind that an identity names. Accounts without mail are no recipients and are not found. */
export async function resolveRecipient(
  client: ExchangeClient,
  identity: string,
  options: ReadOptions,
): Promise<Resolution<Recipient>> {
  const resolution = await findRecipient(client, { identity }, options);
  return "found" in resolution ? { found: toRecipient(resolution.found) } : resolution;
}

function toRecipient(row: IdentifiedRow): Recipient {
  const recipient = recipientSchema.safeParse(toRecipientFields(row));
  if (recipient.success) return recipient.data;
  throw unexpectedRow({ id: objectId(row), reason: summarizeIssues(recipient.error) });
}
