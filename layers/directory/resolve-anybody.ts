import { accountsByIdentity } from "#directory/accounts";
import type { Recipient } from "#directory/recipient";
import { requireRecipient, resolveRecipient } from "#directory/resolve-recipient";
import { type Resolution, resolveIdentity } from "#directory/search-identity";
import type { ExchangeReader, ReadOptions } from "#exchange/client";

/** The one recipient of any kind that an identity names, else the one account without mail: both can be in groups. */
export async function resolveAnybody(
  reader: ExchangeReader,
  identity: string,
  options: ReadOptions,
): Promise<Resolution<Recipient>> {
  const recipient = await resolveRecipient(reader, identity, options);
  if (!("notFound" in recipient)) return recipient;
  const account = await resolveIdentity(identity, accountsByIdentity(reader, options));
  return "found" in account ? { found: requireRecipient(account.found) } : account;
}
