import { afterAll, beforeAll, expect, test } from "vitest";
import { ingestInto, readRows } from "#test/support/ingest-fixture";
import { type Storage, startStorage } from "#test/support/storage";
import {
  expectChangesToApply,
  publishTo,
  type Records,
  readChangesOf,
} from "#test/unit/layers/snapshots/changes-properties";
import { idOf } from "#test/unit/layers/snapshots/named-directory";

let storage: Storage;

beforeAll(async () => {
  storage = await startStorage();
});

afterAll(() => storage.stop());

test("turns the base into the new snapshot when its changes are applied", () => expectChangesToApply(storage, 6));

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

function publish(records: Records) {
  return publishTo(storage, records);
}

function readChanges() {
  return readChangesOf(storage);
}
