import type { DirectoryRecord } from "#local/exchange/tenant/directory-record";

/** Records by text, in any letter case. Several records may stand under one text. */
export class IdentityIndex {
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
