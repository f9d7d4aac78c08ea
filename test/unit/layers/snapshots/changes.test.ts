import { gunzipSync } from "node:zlib";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { SnapshotRow } from "#snapshots/directory";
import type { SnapshotKind } from "#snapshots/layout";
import { ingestInto, readRows } from "#test/support/ingest-fixture";
import { type Storage, startStorage } from "#test/support/storage";
import { idOf } from "#test/unit/layers/snapshots/named-directory";

let storage: Storage;

beforeAll(async () => {
  storage = await startStorage();
});

afterAll(() => storage.stop());

type Records = ReadonlyMap<number, string>;

const directory = fc
  .array(fc.tuple(fc.nat({ max: 30 }), fc.constantFrom("a", "b", "c")))
  .map((pairs) => new Map(pairs));

test("turns the base into the new snapshot when its changes are applied", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(directory, { minLength: 2, maxLength: 3 }), async (directories) => {
      storage.remove("snapshots/users/latest.json");
      let before = new Map<unknown, unknown>();
      for (const [place, records] of directories.entries()) {
        const answer = await publish(records);

        const now = new Map(storage.readPublished().map((record) => [record.id, record]));
        const manifest = storage.readManifest();
        if (place === 0) expect(manifest?.changes).toBeNull();
        else expect(applied(before, readChanges())).toEqual(now);
        if (place > 0) expect(answer.changes).toEqual(counts(readChanges()));
        before = now;
      }
    }),
    { numRuns: 40 },
  );
});

test("has no line for a record that stays as it is", async () => {
  await publish(new Map([[1, "a"]]));

  const answer = await publish(new Map([[1, "a"]]));

  expect(answer.changes).toEqual({ added: 0, changed: 0, removed: 0 });
  expect(readChanges()).toEqual([]);
});

test("keeps what a removed record was", async () => {
  await publish(
    new Map([
      [1, "a"],
      [2, "b"],
    ]),
  );

  await publish(new Map([[2, "b"]]));

  expect(readChanges()).toEqual([{ change: "removed", record: { id: idOf(1), text: "a" } }]);
});

test("names the run that is its base", async () => {
  const base = await publish(new Map([[1, "a"]]));

  await publish(new Map([[1, "b"]]));

  expect(storage.readManifest()?.changes).toMatchObject({ baseRunId: base.runId, added: 0, changed: 1, removed: 0 });
});

test("keeps users and groups apart", async () => {
  await ingestInto(storage.store, { read: () => readRows(3), kind: "groups" });
  const users = await publish(new Map([[1, "a"]]));

  expect(users.changes).toBeDefined();
  expect(storage.readManifest("groups")).toMatchObject({ kind: "groups", changes: null });
});

function publish(records: Records, kind: SnapshotKind = "users") {
  async function* read(): AsyncGenerator<SnapshotRow> {
    for (const [number, text] of records) {
      yield { ok: true, id: idOf(number), type: "UserMailbox", name: undefined, record: { id: idOf(number), text } };
    }
  }
  return ingestInto(storage.store, { kind, shrinkPercent: 100, allowShrinkTo: 0, read });
}

type Change = { change: "added" | "changed" | "removed"; record: { id: string } };

function readChanges(): Change[] {
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
