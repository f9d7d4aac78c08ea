import type { ObjectStore } from "#runtime/object-store";
import { openSnapshot, type Snapshot } from "#snapshots/reader";
import { RecordIndex } from "#snapshots/record-index";
import type { Run } from "#snapshots/run";

/** The snapshot that a run follows, and its records by id and content. Nothing where the run is the first of its source. */
export type Base = { snapshot: Snapshot | undefined; index: RecordIndex };

/** Reads what is published. Another source knows other things of other people, so it starts anew. */
export async function openBase(store: ObjectStore, run: Run, signal: AbortSignal): Promise<Base> {
  const latest = await openSnapshot(store, run.kind, { signal });
  if (latest === undefined || latest.manifest.source !== run.source) {
    return { snapshot: undefined, index: new RecordIndex() };
  }
  const index = new RecordIndex(latest.manifest.totals.rows);
  for await (const { id, line } of latest.records()) index.addBase(id, line);
  return { snapshot: latest, index };
}
