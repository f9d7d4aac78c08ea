import { gunzipSync } from "node:zlib";
import fc from "fast-check";
import { expect } from "vitest";
import type { SnapshotRow } from "#snapshots/directory";
import { ingestInto } from "#test/support/ingest-fixture";
import type { Storage } from "#test/support/storage";
import { idOf } from "#test/unit/layers/snapshots/named-directory";

export type Records = ReadonlyMap<number, string>;

const directory = fc
  .array(fc.tuple(fc.nat({ max: 30 }), fc.constantFrom("a", "b", "c")))
  .map((pairs) => new Map(pairs));

/** Expects the changes of so many series of snapshots to turn each base into the snapshot after it. */
export async function expectChangesToApply(storage: Storage, series: number): Promise<void> {
  const readChanges = () => readChangesOf(storage);

  await fc.assert(
    fc.asyncProperty(fc.array(directory, { minLength: 2, maxLength: 3 }), async (directories) => {
      storage.remove("snapshots/users/latest.json");
      let before = new Map<unknown, unknown>();
      for (const [place, records] of directories.entries()) {
        const answer = await publishTo(storage, records);

        const now = new Map(storage.readPublished().map((record) => [record.id, record]));
        const manifest = storage.readManifest();
        if (place === 0) expect(manifest?.changes).toBeNull();
        else expect(applied(before, readChanges())).toEqual(now);
        if (place > 0) expect(answer.changes).toEqual(counts(readChanges()));
        before = now;
      }
    }),
    { numRuns: series },
  );
}

export function publishTo(storage: Storage, records: Records) {
  async function* read(): AsyncGenerator<SnapshotRow> {
    for (const [number, text] of records) {
      yield { ok: true, id: idOf(number), type: "UserMailbox", name: undefined, record: { id: idOf(number), text } };
    }
  }
  return ingestInto(storage.store, { shrinkPercent: 100, allowShrinkTo: 0, read });
}

type Change = { change: "added" | "changed" | "removed"; record: { id: string } };

export function readChangesOf(storage: Storage): Change[] {
  const key = storage.readManifest()?.changes?.key ?? "";
  return gunzipSync(storage.read(key))
    .toString("utf8")
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line));
}

function applied(base: ReadonlyMap<unknown, unknown>, changes: readonly Change[]): Map<unknown, unknown> {
  const result = new Map(base);
  for (const { change, record } of changes) {
    expect(result.has(record.id)).toBe(change !== "added");
    if (change === "removed") result.delete(record.id);
    else result.set(record.id, record);
  }
  return result;
}

function counts(changes: readonly Change[]) {
  const count = (kind: Change["change"]) => changes.filter(({ change }) => change === kind).length;
  return { added: count("added"), changed: count("changed"), removed: count("removed") };
}
