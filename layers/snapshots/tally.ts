import { IdSet } from "#snapshots/id-set";
import type { Manifest } from "#snapshots/manifest";
import type { SnapshotRow } from "#snapshots/snapshot-row";

/** So many are named one by one; the others are counted. */
const namedRejections = 100;
const namedWarnings = 20;

/** Counts what a run reads, as it passes. */
export class Tally {
  readonly #ids = new IdSet();
  readonly #byType = new Map<string, number>();
  readonly #rejectedRows: Manifest["rejectedRows"] = [];
  readonly #warnings = new Set<string>();
  #rows = 0;
  #duplicates = 0;
  #rejected = 0;
  #warningCount = 0;
  #firstRowAt: number | undefined;

  /** Records so far. */
  get rows(): number {
    return this.#rows;
  }

  /** When the first row came, in milliseconds since 1970; undefined where none has. */
  get firstRowAt(): number | undefined {
    return this.#firstRowAt;
  }

  /** The record to keep of a row; undefined where the row is rejected, or its id came before. */
  take(row: SnapshotRow): object | undefined {
    this.#firstRowAt ??= Date.now();
    if (!row.ok) {
      this.#rejected += 1;
      const { id = null, reason } = row;
      if (this.#rejectedRows.length < namedRejections) this.#rejectedRows.push({ id, reason });
      return undefined;
    }
    if (!this.#ids.add(row.id)) {
      this.#duplicates += 1;
      return undefined;
    }
    this.#rows += 1;
    this.#byType.set(row.type, (this.#byType.get(row.type) ?? 0) + 1);
    return row.record;
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
