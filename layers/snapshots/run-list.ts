import { runIdOf, runKeys, runsPrefix, type SnapshotKind } from "#snapshots/layout";
import { type RunRecord, runRecordSchema } from "#snapshots/run-record";
import type { ObjectStore } from "#storage/object-store";

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
