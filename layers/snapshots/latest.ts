import * as z from "zod";
import { latestKey, type SnapshotKind } from "#snapshots/layout";
import type { ObjectStore } from "#storage/object-store";
import { changeDocument, readDocument, type SharedDocument } from "#storage/shared-document";

const time = z.iso.datetime();

const publishedSchema = z.strictObject({
  runId: z.string(),
  manifestKey: z.string(),
  /** Of the manifest's bytes; the manifest has those of the pages. */
  manifestSha256: z.string(),
  source: z.string(),
  rows: z.int().nonnegative(),
  scheduledTime: time,
  readStartedAt: time,
  publishedAt: time,
});

const claimedRunSchema = z.strictObject({
  runId: z.string(),
  scheduledTime: time,
  readStartedAt: time,
  leaseUntil: time,
});

/** `latest.json`: the snapshot that readers see, and the run in progress, which alone may publish the next one. */
export const latestSchema = z.strictObject({
  published: publishedSchema.nullable(),
  run: claimedRunSchema.nullable(),
});

export type Latest = z.infer<typeof latestSchema>;
export type Published = z.infer<typeof publishedSchema>;
export type ClaimedRun = z.infer<typeof claimedRunSchema>;

type Options = { signal?: AbortSignal };

/** What `latest.json` says; nothing published and no run where there is none. `STORAGE_CORRUPT` where it is no such thing. */
export async function readLatest(store: ObjectStore, kind: SnapshotKind, options: Options = {}): Promise<Latest> {
  return (await readDocument(store, latestDocument(kind), options)) ?? nothing;
}

/** Changes `latest.json` as `changeDocument` does. */
export async function changeLatest(
  store: ObjectStore,
  kind: SnapshotKind,
  change: (latest: Latest, writtenAt: Date) => Latest | undefined,
  options: Options = {},
): Promise<void> {
  await changeDocument(store, latestDocument(kind), (latest = nothing, at) => change(latest, at), options);
}

const nothing: Latest = { published: null, run: null };

function latestDocument(kind: SnapshotKind): SharedDocument<Latest> {
  return {
    key: latestKey(kind),
    schema: latestSchema,
    repair: "Put an earlier version of it back, or delete it to start anew:",
  };
}
