import { deadlineIn } from "#runtime/deadline";
import type { Directory, SnapshotRow } from "#snapshots/directory";
import { type IngestOptions, ingest } from "#snapshots/ingest";
import type { ObjectStore } from "#storage/object-store";

/**
 * `read` stands for a directory that one answer holds: the rows it gives, whatever is asked. Nobody else is there when asked
 * for by id.
 */
export type IngestSettings = Partial<IngestOptions> & {
  read?: (hooks: { onWarning: (text: string) => void }) => AsyncIterable<SnapshotRow>;
};

/** Ingests users with a minute's time. */
export function ingestInto(store: ObjectStore, { read = () => readRows(1), ...settings }: IngestSettings) {
  const given = new Set<string | undefined>();
  const directory: Directory = {
    list: async function* (_, hooks) {
      for await (const each of read(hooks)) {
        given.add(each.id);
        yield each;
      }
    },
    findThere: async (ids) => new Set(ids.filter((id) => given.has(id))),
  };
  return ingest({
    store,
    kind: "users",
    source: "recipients",
    directory,
    dryRun: false,
    shrinkPercent: 20,
    deadline: deadlineIn(60_000),
    retryPausesMs: [1, 1],
    ...settings,
  });
}

export function row(number: number, type = "UserMailbox"): SnapshotRow {
  const id = `00000000-0000-0000-0000-${String(number).padStart(12, "0")}`;
  return { ok: true, id, type, name: undefined, record: { id, number } };
}

/** So many rows, each awaited, as a directory gives them. */
export async function* readRows(count: number): AsyncGenerator<SnapshotRow> {
  for (let number = 0; number < count; number += 1) yield row(number);
}

/** The numbers that `readRows` gave to its records. */
export function numbers(count: number): number[] {
  return Array.from({ length: count }, (_, number) => number);
}

/** So many rows, none before the moment. */
export async function* readAfter(moment: Promise<void>, count: number): AsyncGenerator<SnapshotRow> {
  await moment;
  yield* readRows(count);
}
