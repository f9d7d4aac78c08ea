import { z } from "zod";
import { ExchangeError } from "#runtime/exchange-error";
import type { ObjectStore } from "#runtime/object-store";
import { isStorageUnavailable } from "#runtime/storage-error";
import { latestKey, type SnapshotKind } from "#snapshots/layout";

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

/** Writes of others that may come between, and writes without an answer, before giving up. */
const maxCollisions = 10;
const maxUnanswered = 2;

/** What `latest.json` says; nothing published and no run where there is none. `STORAGE_CORRUPT` where it is no such thing. */
export async function readLatest(store: ObjectStore, kind: SnapshotKind, options: Options = {}): Promise<Latest> {
  return (await readStored(store, kind, options)).latest;
}

/**
 * Reads `latest.json`, asks `change` what it shall be, and writes that unless somebody wrote meanwhile; then, and when no
 * answer came, from the start again. So `change` meets its own write where that was made and its answer lost: it answers
 * undefined for "as it shall be already", and throws where the change may not be made.
 */
export async function changeLatest(
  store: ObjectStore,
  kind: SnapshotKind,
  change: (latest: Latest) => Latest | undefined,
  options: Options = {},
): Promise<void> {
  let collisions = 0;
  let unanswered = 0;
  while (collisions < maxCollisions) {
    const { latest, etag } = await readStored(store, kind, options);
    const changed = change(latest);
    if (changed === undefined) return;
    try {
      if (await putLatest(store, kind, changed, etag, options)) return;
      collisions += 1;
    } catch (error) {
      unanswered += 1;
      if (!isStorageUnavailable(error) || options.signal?.aborted || unanswered === maxUnanswered) throw error;
    }
  }
  const key = latestKey(kind);
  throw new ExchangeError("STORAGE_UNAVAILABLE", `${key} was written by others each time it was to be changed.`);
}

/** Whether it was written; not, where it is no longer what has this ETag. */
async function putLatest(
  store: ObjectStore,
  kind: SnapshotKind,
  latest: Latest,
  etag: string | undefined,
  options: Options,
): Promise<boolean> {
  const body = `${JSON.stringify(latest, null, 2)}\n`;
  const condition = etag === undefined ? ({ ifNoneMatch: "*" } as const) : { ifMatch: etag };
  const answer = await store.putIf(latestKey(kind), body, condition, { ...options, contentType: "application/json" });
  return answer.isWritten;
}

async function readStored(store: ObjectStore, kind: SnapshotKind, options: Options) {
  const stored = await store.get(latestKey(kind), options);
  if (!stored) return { latest: { published: null, run: null }, etag: undefined };
  return { latest: parseLatest(latestKey(kind), stored.body), etag: stored.etag };
}

function parseLatest(key: string, body: Buffer): Latest {
  try {
    return latestSchema.parse(JSON.parse(body.toString("utf8")));
  } catch (cause) {
    const problem = cause instanceof z.ZodError ? z.prettifyError(cause) : String(cause);
    throw new ExchangeError(
      "STORAGE_CORRUPT",
      `${key} is not what a run writes. Put an earlier version of it back, or delete it to start anew:\n${problem}`,
      { cause },
    );
  }
}
