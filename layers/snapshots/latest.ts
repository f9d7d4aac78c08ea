import { z } from "zod";
import { ExchangeError } from "#runtime/exchange-error";
import type { ObjectStore } from "#runtime/object-store";
import { latestKey, type SnapshotKind } from "#snapshots/layout";

const time = z.iso.datetime();

export const latestSchema = z.strictObject({
  /** The snapshot that readers see. */
  published: z
    .strictObject({
      runId: z.string(),
      manifestKey: z.string(),
      source: z.string(),
      rows: z.number().int().nonnegative(),
      scheduledTime: time,
      readStartedAt: time,
      publishedAt: time,
    })
    .nullable(),
  /** The run in progress: it alone may publish while its lease is renewed. */
  run: z.strictObject({ runId: z.string(), scheduledTime: time, startedAt: time, leaseUntil: time }).nullable(),
});

export type Latest = z.infer<typeof latestSchema>;
export type Published = NonNullable<Latest["published"]>;

/** What `latest.json` says, with the ETag to replace it by; nothing published and a null ETag where there is none. */
export async function readLatest(
  store: ObjectStore,
  kind: SnapshotKind,
): Promise<{ latest: Latest; etag: string | null }> {
  const stored = await store.get(latestKey(kind));
  if (!stored) return { latest: { published: null, run: null }, etag: null };
  try {
    return { latest: latestSchema.parse(JSON.parse(stored.body.toString("utf8"))), etag: stored.etag };
  } catch (cause) {
    throw new ExchangeError(
      "STORAGE_CORRUPT",
      `${latestKey(kind)} is not what a run writes. Restore an earlier version of it, or delete it to start anew.`,
      { cause },
    );
  }
}
