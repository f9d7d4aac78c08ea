import type { Base } from "#snapshots/base";
import type { Manifest } from "#snapshots/manifest";
import type { TakenRecord } from "#snapshots/tally";
import type { ObjectStore } from "#storage/object-store";
import { PageText, storeText } from "#storage/pages";

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
