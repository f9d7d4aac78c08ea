import * as z from "zod";
import { ExchangeError } from "#runtime/errors";
import { runIdOf, runKeys, runsPrefix, type SnapshotKind } from "#snapshots/layout";
import { type Manifest, manifestSchema } from "#snapshots/manifest";
import { type Published, readLatest } from "#snapshots/publication";
import { type RunRecord, runRecordSchema } from "#snapshots/write-manifest";
import type { ObjectStore } from "#storage/object-store";
import { readPages, readVerified, type StoredRecord } from "#storage/pages";

/** A run that has written anything. Without a record it is under way, or was cut off. */
export type ListedRun = { runId: string; record: RunRecord | undefined };

/** The last runs of a kind, the latest first. A record of another version of the gateway counts as none. */
export async function listRuns(store: ObjectStore, kind: SnapshotKind, count: number): Promise<ListedRun[]> {
  const runIds = new Set<string>();
  for await (const key of store.list(runsPrefix(kind))) {
    const runId = runIdOf(kind, key);
    if (runId !== undefined) runIds.add(runId);
  }
  const last = [...runIds].sort().reverse().slice(0, count);
  return Promise.all(last.map(async (runId) => ({ runId, record: await readRecord(store, runKeys(kind, runId).run) })));
}

async function readRecord(store: ObjectStore, key: string): Promise<RunRecord | undefined> {
  const stored = await store.get(key);
  if (stored === undefined) return undefined;
  return runRecordSchema.safeParse(JSON.parse(stored.body.toString("utf8"))).data;
}

type Options = { signal?: AbortSignal };

/** The published snapshot of a kind. */
export type Snapshot = {
  published: Published;
  manifest: Manifest;
  /** Every record, page by page. `STORAGE_CORRUPT` before the first record of a page that is not what was published. */
  records(options?: Options): AsyncGenerator<StoredRecord, void>;
};

/**
 * Opens the latest snapshot; undefined where none is published. Follows hashes from `latest.json` through the manifest to
 * the pages, so that what is yielded is what was published: `STORAGE_CORRUPT` otherwise.
 *
 * @example
 * const snapshot = await openSnapshot(store, "groups");
 * for await (const { line } of snapshot?.records() ?? []) console.log(JSON.parse(line).displayName);
 */
export async function openSnapshot(
  store: ObjectStore,
  kind: SnapshotKind,
  options: Options = {},
): Promise<Snapshot | undefined> {
  const { published } = await readLatest(store, kind, options);
  if (published === null) return undefined;
  const { manifestKey: key, manifestSha256: sha256 } = published;
  const manifest = parseManifest(key, await readVerified(store, { key, sha256 }, { ...options, corrupt }));
  return {
    published,
    manifest,
    records: (readOptions = options) => readPages(store, manifest.pages, { ...readOptions, corrupt }),
  };
}

function parseManifest(key: string, body: Buffer): Manifest {
  const parsed = manifestSchema.safeParse(JSON.parse(body.toString("utf8")));
  if (parsed.success) return parsed.data;
  throw corrupt(key, `is of another version of the gateway (${z.prettifyError(parsed.error)})`);
}

function corrupt(key: string, problem: string): ExchangeError {
  return new ExchangeError(
    "STORAGE_CORRUPT",
    `The published snapshot cannot be read: ${key} ${problem}. Put an earlier version of it back, or delete latest.json of ` +
      "this kind: the next run then publishes anew, without a comparison with what was there.",
  );
}
