import type { Deadline } from "#runtime/deadline";
import { toExchangeError } from "#runtime/exchange-error";
import { logger } from "#runtime/logger";
import type { ObjectStore } from "#runtime/object-store";
import { claimRun } from "#snapshots/claim";
import type { SnapshotKind } from "#snapshots/layout";
import type { Lease, LeaseTimes } from "#snapshots/lease";
import type { PageLimits } from "#snapshots/page-writer";
import { type OnProgress, readRecords } from "#snapshots/read-records";
import { beginRun, type Run } from "#snapshots/run";
import { describeFailure, writeRunRecord } from "#snapshots/run-record";
import type { ReadDirectory } from "#snapshots/snapshot-row";
import { Tally } from "#snapshots/tally";
import { watchDeadline } from "#snapshots/watch-deadline";
import { announceSnapshot, type WrittenSnapshot, writeSnapshot } from "#snapshots/write-snapshot";

export type IngestOptions = {
  store: ObjectStore;
  kind: SnapshotKind;
  /** The way the directory is read. */
  source: string;
  /** The time the run is meant for; one that is published is not read again. Now, by default. */
  scheduledTime?: Date;
  dryRun: boolean;
  /** Reads the whole directory, once. */
  read: ReadDirectory;
  deadline: Deadline;
  onProgress?: OnProgress;
  lease?: LeaseTimes;
  pageLimits?: PageLimits;
};

export type IngestAnswer = {
  status: "published" | "skipped" | "dryRun";
  kind: SnapshotKind;
  runId: string;
  rows: number;
  pages: number;
  rejected: number;
  duplicates: number;
  /** Where the published snapshot is described. */
  manifestKey?: string;
  /** Why a run was skipped. */
  reason?: string;
  durationMs: number;
};

const usualLease: LeaseTimes = { leaseMs: 90_000, renewEveryMs: 30_000 };
const usualPageLimits: PageLimits = { maxRows: 5_000, maxBytes: 8 * 2 ** 20 };

/** For letting the next run in and writing run.json, after the deadline too. */
const cleanUpMs = 4_000;

/**
 * One run: claim, read, write pages and manifest, publish. Whatever fails before the last step leaves what was published
 * before, lets the next run in and is thrown as it came. A dry run reads everything, claims nothing and writes nothing.
 *
 * @example
 * await ingest({ store, kind: "users", source: "recipients", dryRun: false, deadline, read: () => readUsers(client, …) });
 */
export async function ingest(options: IngestOptions): Promise<IngestAnswer> {
  const { store, lease = usualLease } = options;
  const run = beginRun(options);
  const deadline = watchDeadline(options.deadline);
  try {
    deadline.signal.throwIfAborted();
    if (options.dryRun) return await rehearse(run, options, deadline.signal);
    const claim = await claimRun(store, run, lease, { signal: deadline.signal });
    if ("skipped" in claim) return { ...answer(run, "skipped", new Tally()), reason: claim.skipped };
    return await readAndPublish(run, options, claim.lease, deadline.signal);
  } finally {
    deadline.stopWatching();
  }
}

async function readAndPublish(
  run: Run,
  options: IngestOptions,
  lease: Lease,
  tooLate: AbortSignal,
): Promise<IngestAnswer> {
  const { store, read, onProgress, pageLimits: limits = usualPageLimits } = options;
  const signal = AbortSignal.any([tooLate, lease.signal]);
  const tally = new Tally();
  let snapshot: WrittenSnapshot;
  try {
    const records = readRecords(read, tally, onProgress);
    snapshot = await writeSnapshot({ store, run, records, tally, limits, signal });
    await lease.publish(announceSnapshot(snapshot), { signal });
  } catch (error) {
    const cleanUpTime = AbortSignal.timeout(cleanUpMs);
    await release(lease, cleanUpTime);
    await writeRunRecord(store, run, tally.rows, describeFailure(error), cleanUpTime);
    throw error;
  }

  const { manifestKey, manifest } = snapshot;
  const ending = { status: "published", manifestKey } as const;
  await writeRunRecord(store, run, tally.rows, ending, AbortSignal.timeout(cleanUpMs));
  return { ...answer(run, "published", tally), pages: manifest.pages.length, manifestKey };
}

async function rehearse(run: Run, { read, onProgress }: IngestOptions, tooLate: AbortSignal): Promise<IngestAnswer> {
  const tally = new Tally();
  for await (const _ of readRecords(read, tally, onProgress)) tooLate.throwIfAborted();
  return answer(run, "dryRun", tally);
}

/** Where S3 does not take it, the lease runs out by itself, and what ended the run stays what is thrown. */
async function release(lease: Lease, signal: AbortSignal): Promise<void> {
  try {
    await lease.release({ signal });
  } catch (error) {
    logger.warn("lease is not released", { error: toExchangeError(error) });
  }
}

function answer({ kind, runId, readStartedAt }: Run, status: IngestAnswer["status"], tally: Tally): IngestAnswer {
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
