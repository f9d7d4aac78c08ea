import { toExchangeError } from "#runtime/exchange-error";
import type { ObjectStore } from "#runtime/object-store";
import { newRunId, runKeys, type SnapshotKind } from "#snapshots/layout";
import { claimRun } from "#snapshots/lease";
import type { Manifest } from "#snapshots/manifest";
import { createPageWriter } from "#snapshots/page-writer";
import { type RunReport, writeRunReport } from "#snapshots/run-report";
import type { SnapshotRow } from "#snapshots/snapshot-row";
import { createTally } from "#snapshots/tally";

/** How often progress is told. */
const progressRows = 1_000;

export type IngestOptions = {
  store: ObjectStore;
  kind: SnapshotKind;
  source: string;
  scheduledTime: Date;
  dryRun: boolean;
  /** Reads the whole directory. `onWarning` takes what belongs into the manifest. */
  read: (hooks: { onWarning: (text: string) => void }) => AsyncIterable<SnapshotRow>;
  onProgress?: (progress: { rows: number }) => void;
  leaseMs?: number;
  renewEveryMs?: number;
  maxPageRows?: number;
  maxPageBytes?: number;
};

export type IngestAnswer = {
  status: "published" | "skipped" | "dryRun";
  kind: SnapshotKind;
  source: string;
  runId: string;
  rows: number;
  pages: number;
  duplicates: number;
  rejected: number;
  durationMs: number;
  manifestKey?: string;
  /** Why a run was skipped. */
  reason?: string;
};

/**
 * One run: claim it, read the directory, write pages, then the manifest, then publish. Whatever fails before the last
 * step leaves what was published before. A dry run reads everything, claims nothing and writes nothing.
 */
export async function ingest(options: IngestOptions): Promise<IngestAnswer> {
  const startedAt = new Date();
  const run = { ...options, startedAt, runId: newRunId(startedAt) };
  if (options.dryRun) return answer(run, "dryRun", await readIntoNothing(run));

  const claim = await claimRun({ leaseMs: 90_000, renewEveryMs: 30_000, ...run });
  if ("skipped" in claim) return { ...answer(run, "skipped", emptyReading), reason: claim.skipped };

  const keys = runKeys(run.kind, run.runId);
  const tally = createTally();
  const report = (outcome: RunReport["outcome"]) =>
    writeRunReport(run.store, keys.report, runReport(run, tally.rows, outcome));
  try {
    const manifest = await readIntoPages(run, tally, claim.lease.signal);
    await run.store.put(keys.manifest, `${JSON.stringify(manifest, null, 2)}\n`);
    await claim.lease.publish(published(manifest, keys.manifest));
    await report({ status: "published", manifestKey: keys.manifest });
    return { ...answer(run, "published", manifest), manifestKey: keys.manifest };
  } catch (thrown) {
    const { code, message } = toExchangeError(thrown);
    await claim.lease.release();
    await report({ status: "failed", code, message });
    throw thrown;
  }
}

type Run = IngestOptions & { startedAt: Date; runId: string };
type Reading = Pick<Manifest, "totals" | "pages">;

const emptyReading: Reading = { totals: { rows: 0, byType: {}, duplicates: 0, rejected: 0 }, pages: [] };

async function readIntoPages(run: Run, tally: ReturnType<typeof createTally>, signal: AbortSignal): Promise<Manifest> {
  const { store, kind, runId, source, maxPageRows, maxPageBytes } = run;
  const writer = createPageWriter({
    store,
    keyOf: runKeys(kind, runId).page,
    ...(maxPageRows === undefined ? {} : { maxRows: maxPageRows }),
    ...(maxPageBytes === undefined ? {} : { maxBytes: maxPageBytes }),
  });
  const warnings: string[] = [];
  for await (const row of run.read({ onWarning: (text) => warnings.push(text) })) {
    signal.throwIfAborted();
    const record = tally.take(row);
    if (record === undefined) continue;
    await writer.add(record);
    if (tally.rows % progressRows === 0) run.onProgress?.({ rows: tally.rows });
  }
  signal.throwIfAborted();
  const pages = [...(await writer.finish())];

  return {
    version: 1,
    kind,
    runId,
    source,
    scheduledTime: run.scheduledTime.toISOString(),
    readStartedAt: run.startedAt.toISOString(),
    readEndedAt: new Date().toISOString(),
    partitions: [{ name: "all", rows: tally.rows, isPaged: true }],
    pages,
    ...tally.result(),
    warnings,
  };
}

async function readIntoNothing(run: Run): Promise<Reading> {
  const tally = createTally();
  for await (const row of run.read({ onWarning: () => {} })) {
    tally.take(row);
    if (tally.rows % progressRows === 0) run.onProgress?.({ rows: tally.rows });
  }
  return { ...tally.result(), pages: [] };
}

function published({ runId, source, totals, scheduledTime, readStartedAt }: Manifest, manifestKey: string) {
  const publishedAt = new Date().toISOString();
  return { runId, manifestKey, source, rows: totals.rows, scheduledTime, readStartedAt, publishedAt };
}

function runReport(
  { runId, source, scheduledTime, startedAt }: Run,
  rows: number,
  outcome: RunReport["outcome"],
): RunReport {
  return {
    runId,
    source,
    scheduledTime: scheduledTime.toISOString(),
    startedAt: startedAt.toISOString(),
    endedAt: new Date().toISOString(),
    rows,
    outcome,
  };
}

function answer(run: Run, status: IngestAnswer["status"], { totals, pages }: Reading): IngestAnswer {
  const { kind, source, runId, startedAt } = run;
  const { rows, duplicates, rejected } = totals;
  const durationMs = Date.now() - startedAt.getTime();
  return { status, kind, source, runId, rows, pages: pages.length, duplicates, rejected, durationMs };
}
