import { hash } from "node:crypto";

/** What a record is beside the base: the first of its id or not, and as it was there or not. */
export type Comparison = "added" | "changed" | "same" | "repeated";

/** Of a content's hash 48 bits are kept, and two flags below them: as much as a number holds exactly. */
const hashDigits = 12;
const flags = 4;
const inBase = 1;
const inRun = 2;

/** The records of a base and of the run that follows it, by id and content hash: some 100 bytes a record. */
export class RecordIndex {
  readonly #entries = new Map<string, number>();

  /** Adds a record of the base. */
  addBase(id: string, content: string): void {
    this.#entries.set(id, hashOf(content) + inBase);
  }

  /** Adds a record of the run and says what it is beside the base. */
  add(id: string, content: string): Comparison {
    const entry = this.#entries.get(id);
    if (isIn(entry, inRun)) return "repeated";
    const contentHash = hashOf(content);
    this.#entries.set(id, contentHash + inRun + (isIn(entry, inBase) ? inBase : 0));
    if (entry === undefined) return "added";
    return entry - inBase === contentHash ? "same" : "changed";
  }

  /** Whether the run has a record of that id. */
  has(id: string): boolean {
    return isIn(this.#entries.get(id), inRun);
  }

  /** The ids of the base that the run has no record of. */
  *missing(): Generator<string, void> {
    for (const [id, entry] of this.#entries) if (!isIn(entry, inRun)) yield id;
  }
}

function isIn(entry: number | undefined, flag: typeof inBase | typeof inRun): boolean {
  return entry !== undefined && ((entry % flags) & flag) !== 0;
}

/** The hash, shifted to leave room for the flags. */
function hashOf(content: string): number {
  return Number.parseInt(hash("sha256", content).slice(0, hashDigits), 16) * flags;
}
