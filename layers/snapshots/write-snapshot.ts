import { createHash } from "node:crypto";
import type { ObjectStore } from "#runtime/object-store";
import type { Published } from "#snapshots/latest";
import { runKeys } from "#snapshots/layout";
import { type Manifest, serializeManifest } from "#snapshots/manifest";
import { type Page, type PageLimits, writePages } from "#snapshots/page-writer";
import { describeRun, type Run } from "#snapshots/run";
import type { Tally } from "#snapshots/tally";

type Options = {
  store: ObjectStore;
  run: Run;
  records: AsyncIterable<object>;
  /** Counts the records as they are read. */
  tally: Tally;
  limits: PageLimits;
  signal: AbortSignal;
};

/** A snapshot that lies in the bucket and that no reader sees yet. */
export type WrittenSnapshot = { manifest: Manifest; manifestKey: string; manifestSha256: string };

/** Writes the records as pages, and last of all the manifest that names them. */
export async function writeSnapshot({ store, run, records, tally, limits, signal }: Options): Promise<WrittenSnapshot> {
  const keys = runKeys(run.kind, run.runId);
  const pages = await writePages(records, { store, keyOf: keys.page, limits, signal });
  const manifest = describeSnapshot(run, tally, pages);
  const text = serializeManifest(manifest);
  await store.put(keys.manifest, text, { contentType: "application/json", signal });
  const manifestSha256 = createHash("sha256").update(text).digest("hex");
  return { manifest, manifestKey: keys.manifest, manifestSha256 };
}

/** The snapshot as `latest.json` names it to readers. */
export function announceSnapshot({ manifest, manifestKey, manifestSha256 }: WrittenSnapshot): Published {
  const { runId, source, totals, scheduledTime, readStartedAt } = manifest;
  const publishedAt = new Date().toISOString();
  return { runId, manifestKey, manifestSha256, source, rows: totals.rows, scheduledTime, readStartedAt, publishedAt };
}

function describeSnapshot(run: Run, tally: Tally, pages: Page[]): Manifest {
  const startedAt = run.readStartedAt.getTime();
  const endedAt = Date.now();
  return {
    ...describeRun(run),
    readEndedAt: new Date(endedAt).toISOString(),
    partitions: [{ name: "all", rows: tally.rows, reading: "paged" }],
    pages,
    totals: tally.totals(),
    ...tally.findings(),
    timings: {
      firstRowMs: tally.firstRowAt === undefined ? null : Math.max(0, tally.firstRowAt - startedAt),
      readMs: Math.max(0, endedAt - startedAt),
    },
  };
}
