import { deadlineIn } from "#runtime/deadline";
import type { ObjectStore } from "#runtime/object-store";
import { type IngestOptions, ingest } from "#snapshots/ingest";
import type { SnapshotRow } from "#snapshots/snapshot-row";

export type IngestSettings = Pick<IngestOptions, "read"> & Partial<IngestOptions>;

/** Ingests users with a minute's time. */
export function ingestInto(store: ObjectStore, settings: IngestSettings) {
  const deadline = deadlineIn(60_000);
  return ingest({ store, kind: "users", source: "recipients", dryRun: false, deadline, ...settings });
}

export function row(number: number, type = "UserMailbox"): SnapshotRow {
  const id = `00000000-0000-0000-0000-${String(number).padStart(12, "0")}`;
  return { ok: true, id, type, record: { id, number } };
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
