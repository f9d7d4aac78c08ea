import { hash } from "node:crypto";
import { GuidTable } from "#runtime/guid-table";

/** What a record is beside the base: the first of its id or not, and as it was there or not. */
export type Comparison = "added" | "changed" | "same" | "repeated";

/** Beside an id: two words of which 62 bits are the content's hash and two are flags. */
const wordsPerRecord = 2;
const inBase = 1;
const inRun = 2;
const flagBits = inBase | inRun;

/**
 * The records of a base and of the run that follows it, by id and content hash, in one flat table: 30 to 45 bytes a record,
 * where a Map of strings takes several hundred. Letter case of ids does not count.
 */
export class RecordIndex {
  readonly #table: GuidTable;

  /** With room for so many records. */
  constructor(expectedRecords = 0) {
    this.#table = new GuidTable(wordsPerRecord, expectedRecords);
  }

  /** Adds a record of the base. Throws a TypeError where the id is no GUID. */
  addBase(id: string, content: string): void {
    write(this.#table.row(id), hashOf(content), inBase);
  }

  /** Adds a record of the run and says what it is beside the base. Throws a TypeError where the id is no GUID. */
  add(id: string, content: string): Comparison {
    const row = this.#table.row(id);
    const flags = flagsOf(row);
    if (flags & inRun) return "repeated";
    const hash = hashOf(content);
    const isSame = row[0] === hash[0] && ((row[1] ?? 0) & ~flagBits) >>> 0 === hash[1];
    write(row, hash, flags | inRun);
    if (!(flags & inBase)) return "added";
    return isSame ? "same" : "changed";
  }

  /** Whether the run has a record of that id. */
  has(id: string): boolean {
    return (flagsOf(this.#table.find(id)) & inRun) !== 0;
  }

  /** The ids of the base that the run has no record of. */
  *missing(): Generator<string, void> {
    for (const [id, row] of this.#table.rows()) if (flagsOf(row) === inBase) yield id;
  }
}

function flagsOf(row: Uint32Array | undefined): number {
  return (row?.[1] ?? 0) & flagBits;
}

function write(row: Uint32Array, [first, second]: readonly [number, number], flags: number): void {
  row[0] = first;
  row[1] = second | flags;
}

function hashOf(content: string): readonly [number, number] {
  const digest = hash("sha256", content);
  return [Number.parseInt(digest.slice(0, 8), 16), (Number.parseInt(digest.slice(8, 16), 16) & ~flagBits) >>> 0];
}
