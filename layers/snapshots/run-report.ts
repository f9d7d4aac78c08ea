import { type ErrorCode, toExchangeError } from "#runtime/errors";
import { recordMetric } from "#runtime/telemetry";
import { formatCount } from "#runtime/text";
import type { Run, SnapshotKind } from "#snapshots/layout";
import type { Manifest } from "#snapshots/manifest";
import type { Tally } from "#snapshots/tally";

export type IngestAnswer = {
  status: "published" | "skipped" | "dryRun";
  kind: SnapshotKind;
  runId: string;
  rows: number;
  pages: number;
  rejected: number;
  duplicates: number;
  /** How many records differ from the snapshot before; absent where there is none from the same source. */
  changes?: { added: number; changed: number; removed: number };
  /** Where the published snapshot is described. */
  manifestKey?: string;
  /** Why a run was skipped. */
  reason?: string;
  durationMs: number;
};

/** What a run answers, counted so far. */
export function answerOf(
  { kind, runId, readStartedAt }: Run,
  status: IngestAnswer["status"],
  tally: Tally,
): IngestAnswer {
  const { rows, rejected, duplicates } = tally.totals();
  return {
    status,
    kind,
    runId,
    rows,
    pages: 0,
    rejected,
    duplicates,
    durationMs: Date.now() - readStartedAt.getTime(),
  };
}

export function countsOf({ added, changed, removed }: NonNullable<Manifest["changes"]>) {
  return { added, changed, removed };
}

type Counted = { status: string; rows: number };

const publishedMetrics = { users: "UsersPublished", groups: "GroupsPublished" } as const;

/** What was read was not published, because it did not look whole. */
const guardCodes: ReadonlySet<ErrorCode> = new Set([
  "SNAPSHOT_INCOMPLETE",
  "SNAPSHOT_EMPTY",
  "SNAPSHOT_SHRUNK",
  "ROWS_REJECTED",
]);

/** Another run is at it, or has done it. */
const overtakenCodes: ReadonlySet<ErrorCode> = new Set(["RUN_IN_PROGRESS", "RUN_TAKEN_OVER", "RUN_OUTDATED"]);

/** Counts for CloudWatch how a run ends. A failure that another run makes good counts as none. */
export async function countRun<Answer extends Counted>(
  kind: SnapshotKind,
  run: () => Promise<Answer>,
): Promise<Answer> {
  try {
    const answer = await run();
    if (answer.status === "published") recordMetric(publishedMetrics[kind], answer.rows);
    return answer;
  } catch (error) {
    const { code } = toExchangeError(error);
    if (guardCodes.has(code)) recordMetric("GuardRefused", 1);
    else if (!overtakenCodes.has(code)) recordMetric("RunFailed", 1);
    throw error;
  }
}

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
