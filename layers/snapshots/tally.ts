import { hash } from "node:crypto";
import type { SnapshotRow } from "#snapshots/directory";
import type { Manifest } from "#snapshots/manifest";

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

/** So many are named one by one; the others are counted. */
const namedRejections = 100;
const namedWarnings = 20;

/** A record as a line of a page, without the line's end, and what it is beside the base. */
export type TakenRecord = { id: string; line: string; comparison: "added" | "changed" | "same" };

/** Counts what a run reads, as it passes. */
export class Tally {
  /** The records of the run, and of the base where one was put in. */
  readonly index: RecordIndex;
  readonly #byType = new Map<string, number>();
  readonly #rejectedRows: Manifest["rejectedRows"] = [];
  readonly #warnings = new Set<string>();
  readonly #rejectedIds = new Set<string>();
  #rows = 0;
  #duplicates = 0;
  #rejected = 0;
  #warningCount = 0;
  #firstRowAt: number | undefined;
  /** The ids of the first record, the second, the fourth, the eighth and so on. */
  readonly #spreadIds: string[] = [];

  constructor(index = new RecordIndex()) {
    this.index = index;
  }

  /** Records so far. */
  get rows(): number {
    return this.#rows;
  }

  get rejected(): number {
    return this.#rejected;
  }

  /** Ids of rows that no record could be made of. */
  get rejectedIds(): ReadonlySet<string> {
    return this.#rejectedIds;
  }

  /** When the first row came, in milliseconds since 1970; undefined where none has. */
  get firstRowAt(): number | undefined {
    return this.#firstRowAt;
  }

  /** A few ids of records from all over the directory, three at most: nobody has reason to delete all of them at once. */
  get witnesses(): string[] {
    const ids = this.#spreadIds;
    return [...new Set([ids.at(0), ids.at(ids.length / 2), ids.at(-1)])].filter((id) => id !== undefined);
  }

  /** The record to keep of a row; undefined where the row is rejected, or its id came before. */
  take(row: SnapshotRow): TakenRecord | undefined {
    this.#firstRowAt ??= Date.now();
    if (!row.ok) {
      this.#rejected += 1;
      const { id = null, reason } = row;
      if (id !== null) this.#rejectedIds.add(id);
      if (this.#rejectedRows.length < namedRejections) this.#rejectedRows.push({ id, reason });
      return undefined;
    }
    const line = JSON.stringify(row.record);
    const comparison = this.index.add(row.id, line);
    if (comparison === "repeated") {
      this.#duplicates += 1;
      return undefined;
    }
    this.#rows += 1;
    if (Number.isInteger(Math.log2(this.#rows))) this.#spreadIds.push(row.id);
    this.#byType.set(row.type, (this.#byType.get(row.type) ?? 0) + 1);
    return { id: row.id, line, comparison };
  }

  /** The same for a row that is read again: one that came before counts as nothing. */
  takeMissed(row: SnapshotRow): TakenRecord | undefined {
    return row.ok && !this.index.has(row.id) ? this.take(row) : undefined;
  }

  warn(text: string): void {
    this.#warningCount += 1;
    if (this.#warnings.size < namedWarnings) this.#warnings.add(text);
  }

  totals(): Manifest["totals"] {
    const byType = Object.fromEntries([...this.#byType].sort(([one], [other]) => (one < other ? -1 : 1)));
    return { rows: this.#rows, byType, duplicates: this.#duplicates, rejected: this.#rejected };
  }

  /** What is told one by one. */
  findings(): Pick<Manifest, "rejectedRows" | "warnings"> {
    return {
      rejectedRows: this.#rejectedRows,
      warnings: { count: this.#warningCount, texts: [...this.#warnings] },
    };
  }
}
