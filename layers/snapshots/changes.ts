import type { Run } from "#snapshots/layout";
import type { Manifest } from "#snapshots/manifest";
import type { Published } from "#snapshots/publication";
import { openSnapshot, type Snapshot } from "#snapshots/reader";
import { RecordIndex, type TakenRecord } from "#snapshots/tally";
import type { ObjectStore } from "#storage/object-store";
import { PageText, storeText } from "#storage/pages";

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

type Changes = NonNullable<Manifest["changes"]>;
type Change = "added" | "changed" | "removed";

/**
 * Writes what makes the new snapshot of its base, a line for each record that was added, changed or removed:
 * `{"change":"added","record":{…}}`. A removed record is as the base had it.
 */
export class ChangesWriter {
  readonly #base: NonNullable<Base["snapshot"]>;
  readonly #text = new PageText();
  readonly #counts = { added: 0, changed: 0, removed: 0 };

  constructor(base: NonNullable<Base["snapshot"]>) {
    this.#base = base;
  }

  /** Notes a record of the run. */
  async note({ line, comparison }: TakenRecord): Promise<void> {
    if (comparison !== "same") await this.#add(comparison, line);
  }

  /** Adds the records that are gone and stores everything. */
  async store(store: ObjectStore, key: string, missing: ReadonlySet<string>, signal: AbortSignal): Promise<Changes> {
    if (missing.size > 0) {
      for await (const { id, line } of this.#base.records({ signal })) {
        if (missing.has(id)) await this.#add("removed", line);
      }
    }
    const { bytes, sha256 } = await storeText(this.#text, key, store, signal);
    return { baseRunId: this.#base.published.runId, key, ...this.#counts, bytes, sha256 };
  }

  /** Gives the memory back of what is not to be stored. */
  discard(): void {
    this.#text.discard();
  }

  async #add(change: Change, recordText: string): Promise<void> {
    const line = `{"change":"${change}","record":${recordText}}\n`;
    await this.#text.add(line, Buffer.byteLength(line));
    this.#counts[change] += 1;
  }
}
