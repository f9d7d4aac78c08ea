import { type DirectoryRecord, noGuid } from "#local/exchange/tenant/directory-record";

/** Records by text, in any letter case. Several records may stand under one text. */
class IdentityIndex {
  readonly #entries = new Map<string, DirectoryRecord | DirectoryRecord[]>();

  add(key: string, record: DirectoryRecord): void {
    if (key === "") return;
    const folded = key.toLowerCase();
    const present = this.#entries.get(folded);
    if (present === undefined) this.#entries.set(folded, record);
    else if (Array.isArray(present)) {
      if (!present.includes(record)) present.push(record);
    } else if (present !== record) this.#entries.set(folded, [present, record]);
  }

  remove(key: string, record: DirectoryRecord): void {
    const folded = key.toLowerCase();
    const present = this.#entries.get(folded);
    if (present === record) this.#entries.delete(folded);
    else if (Array.isArray(present)) {
      const others = present.filter((other) => other !== record);
      const [only] = others;
      this.#entries.set(folded, others.length === 1 && only !== undefined ? only : others);
    }
  }

  find(key: string): readonly DirectoryRecord[] {
    const present = this.#entries.get(key.toLowerCase());
    if (present === undefined) return [];
    return Array.isArray(present) ? present : [present];
  }
}

/** Records by their ids and addresses, and by their names. */
export class RecordIndex {
  readonly #identities = new IdentityIndex();
  readonly #names = new IdentityIndex();

  add(record: DirectoryRecord): void {
    for (const key of identityKeysOf(record)) this.#identities.add(key, record);
    for (const key of nameKeysOf(record)) this.#names.add(key, record);
  }

  /** Call it before the record changes. */
  remove(record: DirectoryRecord): void {
    for (const key of identityKeysOf(record)) this.#identities.remove(key, record);
    for (const key of nameKeysOf(record)) this.#names.remove(key, record);
  }

  findById(id: string): readonly DirectoryRecord[] {
    return this.#identities.find(id);
  }

  findByName(name: string): readonly DirectoryRecord[] {
    return this.#names.find(name);
  }
}

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
function nameKeysOf(record: DirectoryRecord): readonly string[] {
  const keys = [record.name, record.alias];
  if (record.displayName !== record.name) keys.push(record.displayName);
  return keys;
}

/** An address without `smtp:`, `X500:` or another prefix. */
export function withoutPrefix(address: string): string {
  return address.replace(/^(?:smtp|x500|sip|spo|eum):/i, "");
}
