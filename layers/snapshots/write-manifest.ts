import { createHash } from "node:crypto";
import type { Published } from "#snapshots/latest";
import { runKeys } from "#snapshots/layout";
import { type Manifest, serializeManifest } from "#snapshots/manifest";
import type { Reading } from "#snapshots/read-partitions";
import { describeRun, type Run } from "#snapshots/run";
import type { Tally } from "#snapshots/tally";
import type { ObjectStore } from "#storage/object-store";
import type { Page } from "#storage/pages";

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
