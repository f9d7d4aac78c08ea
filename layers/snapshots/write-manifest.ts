import { createHash } from "node:crypto";
import * as z from "zod";
import { type ErrorCode, errorCodes, toExchangeError } from "#runtime/errors";
import { logger } from "#runtime/telemetry";
import { describeRun, type Run, runKeys, snapshotKinds } from "#snapshots/layout";
import { type Manifest, rejectedRowsSchema, serializeManifest } from "#snapshots/manifest";
import type { Published } from "#snapshots/publication";
import type { Reading } from "#snapshots/read-partitions";
import type { Tally } from "#snapshots/tally";
import type { ObjectStore } from "#storage/object-store";
import type { Page } from "#storage/pages";

const count = z.int().nonnegative();
const time = z.iso.datetime();

const run = {
  schemaVersion: z.literal(1),
  kind: z.enum(snapshotKinds),
  runId: z.string(),
  source: z.string(),
  scheduledTime: time,
  readStartedAt: time,
  endedAt: time,
  /** Records read: fewer than there are where the run failed. */
  rows: count,
  /** The first of the rows that no record could be made of. */
  rejectedRows: rejectedRowsSchema,
};

const failure = {
  code: z.enum(Object.keys(errorCodes) as ErrorCode[]),
  message: z.string(),
  retryable: z.boolean(),
};

/** `run.json`: how a run ended. A run that has none was cut off, or is under way. */
export const runRecordSchema = z.discriminatedUnion("status", [
  z.strictObject({ ...run, status: z.literal("published"), manifestKey: z.string() }),
  z.strictObject({ ...run, status: z.literal("failed"), ...failure }),
  z.strictObject({ ...run, status: z.literal("takenOver"), ...failure }),
]);

export type RunRecord = z.infer<typeof runRecordSchema>;

type Ending = { status: "published"; manifestKey: string } | ReturnType<typeof describeFailure>;

/** The ending of a run that an error ended. */
export function describeFailure(error: unknown) {
  const { code, message, retryable } = toExchangeError(error);
  return { status: code === "RUN_TAKEN_OVER" ? "takenOver" : "failed", code, message, retryable } as const;
}

/** Writes `run.json`. It decides nothing: where S3 does not take it, the run has ended as it has, and the log says so. */
export async function writeRunRecord(
  store: ObjectStore,
  ended: Run,
  tally: Tally,
  ending: Ending,
  signal: AbortSignal,
): Promise<void> {
  const endedAt = new Date().toISOString();
  const { rejectedRows } = tally.findings();
  const record = runRecordSchema.parse({ ...describeRun(ended), endedAt, rows: tally.rows, rejectedRows, ...ending });
  const key = runKeys(ended.kind, ended.runId).run;
  try {
    await store.put(key, `${JSON.stringify(record, null, 2)}\n`, { contentType: "application/json", signal });
  } catch (error) {
    logger.warn("Run record could not be written", { key, error: toExchangeError(error) });
  }
}

/** A snapshot that lies in the bucket and that no reader sees yet. */
export type WrittenSnapshot = { manifest: Manifest; manifestKey: string; manifestSha256: string };

type Contents = { tally: Tally; reading: Reading; pages: Page[]; changes: Manifest["changes"] };

/** Writes the manifest, which makes the pages and changes that lie in the bucket a snapshot. */
export async function writeManifest(
  store: ObjectStore,
  run: Run,
  contents: Contents,
  signal: AbortSignal,
): Promise<WrittenSnapshot> {
  const manifest = describeSnapshot(run, contents);
  const text = serializeManifest(manifest);
  const manifestKey = runKeys(run.kind, run.runId).manifest;
  await store.put(manifestKey, text, { contentType: "application/json", signal });
  return { manifest, manifestKey, manifestSha256: createHash("sha256").update(text).digest("hex") };
}

/** The snapshot as `latest.json` names it to readers. */
export function announceSnapshot({ manifest, manifestKey, manifestSha256 }: WrittenSnapshot): Published {
  const { runId, source, totals, scheduledTime, readStartedAt } = manifest;
  const publishedAt = new Date().toISOString();
  return { runId, manifestKey, manifestSha256, source, rows: totals.rows, scheduledTime, readStartedAt, publishedAt };
}

function describeSnapshot(run: Run, { tally, reading, pages, changes }: Contents): Manifest {
  const startedAt = run.readStartedAt.getTime();
  const endedAt = Date.now();
  return {
    ...describeRun(run),
    readEndedAt: new Date(endedAt).toISOString(),
    ...reading,
    pages,
    changes,
    totals: tally.totals(),
    ...tally.findings(),
    timings: {
      firstRowMs: tally.firstRowAt === undefined ? null : Math.max(0, tally.firstRowAt - startedAt),
      readMs: Math.max(0, endedAt - startedAt),
    },
  };
}
