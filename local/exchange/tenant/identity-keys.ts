import { type DirectoryRecord, noGuid } from "#local/exchange/tenant/directory-record";

/** The texts that name this object by id or address. Addresses stand without their prefixes. */
export function identityKeysOf(record: DirectoryRecord): readonly string[] {
  const keys = [record.guid, record.externalDirectoryObjectId, record.primarySmtpAddress];
  if (record.userPrincipalName !== record.primarySmtpAddress) keys.push(record.userPrincipalName);
  if (record.exchangeGuid !== noGuid) keys.push(record.exchangeGuid);
  for (const address of record.otherAddresses) keys.push(withoutPrefix(address));
  const external = withoutPrefix(record.externalEmailAddress);
  if (external !== record.primarySmtpAddress) keys.push(external);
  return keys;
}

/** The texts that name this object, and perhaps others too. */
export function nameKeysOf(record: DirectoryRecord): readonly string[] {
  const keys = [record.name, record.alias];
  if (record.displayName !== record.name) keys.push(record.displayName);
  return keys;
}

/** An address without `smtp:`, `X500:` or another prefix. */
export function withoutPrefix(address: string): string {
  return address.replace(/^(?:smtp|x500|sip|spo|eum):/i, "");
}
