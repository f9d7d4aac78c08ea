import type { DirectoryRecord } from "#local/exchange/tenant/directory-record";

/** Records in the order of their names, whatever the letter case. Sorting waits until somebody looks. */
export class SortedRecords {
  #sorted: readonly DirectoryRecord[] = [];
  #added: DirectoryRecord[] = [];
  readonly #removed = new Set<DirectoryRecord>();

  add(records: readonly DirectoryRecord[]): void {
    for (const record of records) this.#added.push(record);
  }

  /** Takes one record out. Call it before the record's name changes. */
  remove(record: DirectoryRecord): void {
    if (this.#added.length > 0) this.#settle();
    this.#removed.add(record);
  }

  list(): readonly DirectoryRecord[] {
    this.#settle();
    return this.#sorted;
  }

  #settle(): void {
    if (this.#removed.size > 0) {
      this.#sorted = this.#sorted.filter((record) => !this.#removed.has(record));
      this.#removed.clear();
    }
    if (this.#added.length === 0) return;
    this.#sorted = sortByName([...this.#sorted, ...this.#added]);
    this.#added = [];
  }
}

function sortByName(records: readonly DirectoryRecord[]): readonly DirectoryRecord[] {
  const keyed = records.map((record) => ({ record, key: record.name.toLowerCase() }));
  keyed.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : a.record.guid < b.record.guid ? -1 : 1));
  return keyed.map(({ record }) => record);
}
