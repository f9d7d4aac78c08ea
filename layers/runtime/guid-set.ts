import { GuidTable } from "#runtime/guid-table";

/** GUIDs, 16 bytes each in a flat table: 20 to 30 bytes with the room it keeps. Letter case does not count. */
export class GuidSet {
  readonly #table: GuidTable;

  /** With room for so many. */
  constructor(expectedIds = 0) {
    this.#table = new GuidTable(0, expectedIds);
  }

  get size(): number {
    return this.#table.size;
  }

  /** Puts an id in and says whether it was not there yet. Throws a TypeError where it is no GUID. */
  add(id: string): boolean {
    const before = this.#table.size;
    this.#table.row(id);
    return this.#table.size > before;
  }

  has(id: string): boolean {
    return this.#table.find(id) !== undefined;
  }
}
