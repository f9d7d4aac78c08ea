import * as z from "zod";
import { pageRows as usualPageRows } from "#facts/page-rows";
import { type Deadline, watchDeadline } from "#runtime/deadline";
import { ExchangeError, toExchangeError } from "#runtime/errors";
import { type Attempts, createAttempts } from "#runtime/retry";
import { logger } from "#runtime/telemetry";
import { type Base, ChangesWriter, openBase } from "#snapshots/changes";
import type { Directory } from "#snapshots/directory";
import { findCollapse, requireFewRejected, requireVanished, type ShrinkLimits } from "#snapshots/guard";
import { beginRun, type Run, runKeys, type SnapshotKind } from "#snapshots/layout";
import { planPartitions } from "#snapshots/partition";
import { claimRun, type Lease, type LeaseTimes } from "#snapshots/publication";
import { type Reading, readPartitions } from "#snapshots/read-partitions";
import { answerOf, countRun, countsOf, type IngestAnswer, type OnProgress, ProgressMeter } from "#snapshots/run-report";
import { type TakenRecord, Tally } from "#snapshots/tally";
import {
  announceSnapshot,
  describeFailure,
  type WrittenSnapshot,
  writeManifest,
  writeRunRecord,
} from "#snapshots/write-manifest";
import type { ObjectStore } from "#storage/object-store";
import { type PageLimits, writePages } from "#storage/pages";

/**
 * The event of an ingestion. `scheduledTime` names the run that a schedule meant: one that is published already is skipped.
 * `dryRun` writes nothing. `allowShrinkTo` lets a snapshot of at least so many rows be published, however many were there.
 */
export const ingestEventSchema = z.strictObject({
  scheduledTime: z.iso
    .datetime({ offset: true })
    .transform((text) => new Date(text))
    .exactOptional(),
  dryRun: z.boolean().default(false),
  allowShrinkTo: z.int().nonnegative().exactOptional(),
});

export type IngestOptions = ShrinkLimits & {
  store: ObjectStore;
  kind: SnapshotKind;
  /** The way the directory is read, and what of it. Another one than before starts anew, compared with nothing. */
  source: string;
  directory: Directory;
  /** The time the run is meant for; one that is published is not read again. Now, by default. */
  scheduledTime?: Date;
  dryRun: boolean;
  deadline: Deadline;
  onProgress?: OnProgress;
  /** How many rows Exchange puts into one answer; what it does, by default. */
  pageRows?: number;
  lease?: LeaseTimes;
  pageLimits?: PageLimits;
  /** How long to wait before a part that could not be read is read again; as many times as there are pauses. */
  retryPausesMs?: readonly number[];
};

const usualLease: LeaseTimes = { leaseMs: 90_000, renewEveryMs: 30_000 };
const usualPageLimits: PageLimits = { maxRows: 5_000, maxBytes: 8 * 2 ** 20 };
const usualPausesMs = [500, 3_000, 15_000];

/** For letting the next run in and writing run.json, after the deadline too. */
const cleanUpMs = 4_000;

/** One run under way. */
type Work = { run: Run; options: IngestOptions; meter: ProgressMeter; attempts: Attempts; signal: AbortSignal };

/**
 * One run: claim, read, write pages, guard, write changes and manifest, publish. Whatever fails before the last step leaves
 * what was published before, lets the next run in and is thrown as it came. A dry run reads everything, claims nothing,
 * compares with nothing and writes nothing.
 *
 * @example
 * await ingest({ store, kind: "users", source: "recipients", directory, dryRun: false, shrinkPercent: 20, deadline });
 */
export async function ingest(options: IngestOptions): Promise<IngestAnswer> {
  return options.dryRun ? carryOut(options) : countRun(options.kind, () => carryOut(options));
}

async function carryOut(options: IngestOptions): Promise<IngestAnswer> {
  const { store, lease = usualLease, retryPausesMs = usualPausesMs } = options;
  const run = beginRun(options);
  const meter = new ProgressMeter(options.onProgress);
  const { signal, stopWatching } = watchDeadline(options.deadline, () => tooLate(meter.describe()));
  const work = { run, options, meter, attempts: createAttempts(retryPausesMs, signal), signal };
  try {
    signal.throwIfAborted();
    if (options.dryRun) return await rehearse(work);
    const claim = await claimRun(store, run, lease, { signal });
    if ("skipped" in claim) return { ...answerOf(run, "skipped", new Tally()), reason: claim.skipped };
    return await readAndPublish({ ...work, signal: AbortSignal.any([signal, claim.lease.signal]) }, claim.lease);
  } finally {
    stopWatching();
  }
}

async function readAndPublish(work: Work, lease: Lease): Promise<IngestAnswer> {
  const { run, options, meter, signal } = work;
  let tally = new Tally();
  let snapshot: WrittenSnapshot;
  try {
    const base = await openBase(options.store, run, signal);
    tally = new Tally(base.index);
    meter.noteBase(base.snapshot?.published.rows);
    snapshot = await makeSnapshot(work, base, tally);
    await lease.publish(announceSnapshot(snapshot), { signal });
  } catch (error) {
    const ended = causeOfEnd(error, signal);
    const cleanUpTime = AbortSignal.timeout(cleanUpMs);
    await release(lease, cleanUpTime);
    await writeRunRecord(options.store, run, tally, describeFailure(ended), cleanUpTime);
    throw ended;
  }

  const { manifestKey, manifest } = snapshot;
  const ending = { status: "published", manifestKey } as const;
  await writeRunRecord(options.store, run, tally, ending, AbortSignal.timeout(cleanUpMs));
  return {
    ...answerOf(run, "published", tally),
    pages: manifest.pages.length,
    ...(manifest.changes ? { changes: countsOf(manifest.changes) } : {}),
    manifestKey,
  };
}

/** Everything but the publishing: a snapshot that the guard lets pass. */
async function makeSnapshot(work: Work, { published, snapshot: base }: Base, tally: Tally): Promise<WrittenSnapshot> {
  const { run, options, attempts, signal } = work;
  const { store, directory, deadline, pageLimits: limits = usualPageLimits } = options;
  const keys = runKeys(run.kind, run.runId);
  const reading: Reading = { partitions: [], changedMeanwhile: null };
  const writer = base && new ChangesWriter(base);
  try {
    const lines = linesOf(readAll(work, base?.manifest.partitions ?? [], tally, reading), writer);
    const pages = await writePages(lines, { store, keyOf: keys.page, limits, signal });

    requireFewRejected(tally);
    const collapse = findCollapse(published, tally.rows, options);
    const missing = new Set(tally.index.missing());
    if (base) {
      const vanished = [...missing].filter((id) => !tally.rejectedIds.has(id));
      const { witnesses } = tally;
      const isHeldBack = collapse !== undefined;
      await requireVanished({ base: base.published, vanished, witnesses, isHeldBack, directory, deadline, attempts });
    }
    if (collapse) throw collapse;
    const changes = (await writer?.store(store, keys.changes, missing, signal)) ?? null;
    return await writeManifest(store, run, { tally, reading, pages, changes }, signal);
  } finally {
    writer?.discard();
  }
}

/** The lines of the pages; what differs from the base is noted on the way. */
async function* linesOf(
  records: AsyncIterable<TakenRecord>,
  writer: ChangesWriter | undefined,
): AsyncGenerator<string> {
  for await (const record of records) {
    await writer?.note(record);
    yield `${record.line}\n`;
  }
}

/** Every record of the directory, counted. */
async function* readAll(
  { run, options, meter, attempts, signal }: Work,
  known: Parameters<typeof planPartitions>[0],
  tally: Tally,
  reading: Reading,
): AsyncGenerator<TakenRecord, void> {
  const { directory, deadline, pageRows = usualPageRows } = options;
  const plan = planPartitions(known);
  const { readStartedAt } = run;
  const onRead = (share: number) => meter.noteShare(share);
  const records = readPartitions(
    { directory, pageRows, plan, tally, deadline, attempts, signal, readStartedAt, onRead },
    reading,
  );
  for await (const record of records) {
    signal.throwIfAborted();
    meter.countRow();
    yield record;
  }
}

async function rehearse(work: Work): Promise<IngestAnswer> {
  const tally = new Tally();
  const reading: Reading = { partitions: [], changedMeanwhile: null };
  try {
    for await (const _ of readAll(work, [], tally, reading)); // counting is all there is to do
  } catch (error) {
    throw causeOfEnd(error, work.signal);
  }
  return answerOf(work.run, "dryRun", tally);
}

function tooLate(progress: string): ExchangeError {
  return new ExchangeError(
    "DEADLINE_TOO_CLOSE",
    `The function's time ran out: ${progress} Nothing was published; what was published before stands. Give the function ` +
      "a longer time-out, or more memory, with which it also gets more CPU.",
  );
}

/** When time has run out that is what ended the run, whatever broke because of it. */
function causeOfEnd(error: unknown, signal: AbortSignal): unknown {
  return signal.aborted ? signal.reason : error;
}

/** Where S3 does not take it, the lease runs out by itself, and what ended the run stays what is thrown. */
async function release(lease: Lease, signal: AbortSignal): Promise<void> {
  try {
    await lease.release({ signal });
  } catch (error) {
    logger.warn("Lease could not be released", { error: toExchangeError(error) });
  }
}
