import type { ReadDirectory } from "#snapshots/snapshot-row";
import type { Tally } from "#snapshots/tally";

export type OnProgress = (progress: { rows: number }) => void;

/** How often progress is told. */
const progressRows = 1_000;

/** The records of a directory, each once, everything counted by `tally`. */
export async function* readRecords(
  read: ReadDirectory,
  tally: Tally,
  onProgress: OnProgress = () => {},
): AsyncGenerator<object, void> {
  for await (const row of read({ onWarning: (text) => tally.warn(text) })) {
    const record = tally.take(row);
    if (record === undefined) continue;
    if (tally.rows % progressRows === 0) onProgress({ rows: tally.rows });
    yield record;
  }
}
