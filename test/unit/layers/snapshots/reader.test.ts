import { afterEach, beforeEach, expect, test } from "vitest";
import { openSnapshot } from "#snapshots/reader";
import { ingestInto, numbers, readRows } from "#test/support/ingest-fixture";
import { type Storage, startStorage } from "#test/support/storage";

const tenRowPages = { maxRows: 10, maxBytes: 2 ** 20 };

let storage: Storage;

beforeEach(async () => {
  storage = await startStorage();
});

afterEach(() => storage.stop());

test("yields every record of the latest snapshot in order", async () => {
  await ingestInto(storage.store, { read: () => readRows(2) });
  await ingestInto(storage.store, { read: () => readRows(25), pageLimits: tenRowPages });

  const snapshot = await openSnapshot(storage.store, "users");
  const records = await Array.fromAsync(snapshot?.records() ?? []);

  expect(records.map(({ line }) => JSON.parse(line).number)).toEqual(numbers(25));
  expect(records.map(({ id }) => id)).toEqual(storage.readPublished().map(({ id }) => id));
  expect(snapshot).toMatchObject({ published: storage.readLatest()?.published, manifest: storage.readManifest() });
});

test("answers undefined where nothing is published", async () => {
  expect(await openSnapshot(storage.store, "users")).toBeUndefined();
});

test.each(["manifest.json", "page-00002.ndjson.gz"])(
  "refuses a snapshot whose %s was changed or is gone",
  async (file) => {
    await ingestInto(storage.store, { read: () => readRows(25), pageLimits: tenRowPages });
    const key = storage.listKeys().find((candidate) => candidate.endsWith(file)) ?? "";
    const readAll = async () => Array.fromAsync((await openSnapshot(storage.store, "users"))?.records() ?? []);

    storage.write(key, `${storage.read(key)} `);
    await expect(readAll()).rejects.toMatchObject({ code: "STORAGE_CORRUPT", message: expect.stringContaining(key) });

    storage.remove(key);
    await expect(readAll()).rejects.toMatchObject({
      code: "STORAGE_CORRUPT",
      message: expect.stringContaining("is gone"),
    });
  },
);
