import type { Published } from "#snapshots/latest";
import { openSnapshot, type Snapshot } from "#snapshots/reader";
import { RecordIndex } from "#snapshots/record-index";
import type { Run } from "#snapshots/run";
import type { ObjectStore } from "#storage/object-store";

/** What a run follows. */
export type Base = {
  /** What is published, whatever source it was read from. */
  published: Published | undefined;
  /** The same where it is of the run's own source: what the run is compared with. */
  snapshot: Snapshot | undefined;
  /** Its records by id and content. */
  index: RecordIndex;
};

/** Reads what is published. Another source knows other things of other people, so it starts anew. */
export async function openBase(store: ObjectStore, run: Run, signal: AbortSignal): Promise<Base> {
  const latest = await openSnapshot(store, run.kind, { signal });
  if (latest === undefined || latest.manifest.source !== run.source) {
    return { published: latest?.published, snapshot: undefined, index: new RecordIndex() };
  }
  const index = new RecordIndex();
  for await (const { id, line } of latest.records()) index.addBase(id, line);
  return { published: latest.published, snapshot: latest, index };
}
