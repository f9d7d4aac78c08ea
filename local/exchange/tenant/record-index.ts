import type { DirectoryRecord } from "#local/exchange/tenant/directory-record";
import { IdentityIndex } from "#local/exchange/tenant/identity-index";
import { identityKeysOf, nameKeysOf } from "#local/exchange/tenant/identity-keys";

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
