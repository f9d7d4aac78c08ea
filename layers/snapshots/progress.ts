import { formatCount } from "#runtime/text";

/** How far a run is. `expectedRows` is a guess, by the last snapshot or by the partitions that are read. */
export type Progress = { rows: number; expectedRows?: number };

export type OnProgress = (progress: Progress) => void;

/** How often progress is told. */
const progressRows = 1_000;

/** Follows a run, for those who watch it and for what is said when its time runs out. */
export class ProgressMeter {
  readonly #onProgress: OnProgress;
  readonly #startedAt = Date.now();
  #baseRows: number | undefined;
  #rows = 0;
  #share = 0;

  constructor(onProgress: OnProgress = () => {}) {
    this.#onProgress = onProgress;
  }

  /** Notes how many rows the last snapshot has. */
  noteBase(rows: number | undefined): void {
    this.#baseRows = rows;
  }

  countRow(): void {
    this.#rows += 1;
    if (this.#rows % progressRows === 0) this.#onProgress(this.#now());
  }

  /** Notes the part of the directory that is read, from 0 to 1. */
  noteShare(share: number): void {
    this.#share = share;
  }

  /** "12,000 of about 25,000 rows were read in 410 s; the whole needs about 850 s." */
  describe(): string {
    const { rows, expectedRows } = this.#now();
    const seconds = (Date.now() - this.#startedAt) / 1000;
    const count = (value: number) => formatCount(Math.round(value));
    const sofar = `${count(rows)} ${expectedRows === undefined ? "" : `of about ${count(expectedRows)} `}rows were read in ${count(seconds)} s`;
    if (expectedRows === undefined || rows === 0) return `${sofar}; how long the whole needs cannot be told from that.`;
    return `${sofar}; the whole needs about ${count((seconds * expectedRows) / rows)} s.`;
  }

  #now(): Progress {
    const guess = this.#baseRows ?? (this.#share > 0 ? this.#rows / this.#share : undefined);
    return guess === undefined
      ? { rows: this.#rows }
      : { rows: this.#rows, expectedRows: Math.max(this.#rows, Math.round(guess)) };
  }
}
