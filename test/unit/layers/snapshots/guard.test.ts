import { afterEach, beforeEach, expect, test } from "vitest";
import type { SnapshotRow } from "#snapshots/directory";
import { type IngestSettings, ingestInto, readRows, row } from "#test/support/ingest-fixture";
import { type Storage, startStorage } from "#test/support/storage";
import { idOf, NamedDirectory, namesOf } from "#test/unit/layers/snapshots/named-directory";

let storage: Storage;

beforeEach(async () => {
  storage = await startStorage();
});

afterEach(() => storage.stop());

test("publishes nothing where somebody who is missing still exists, and names them with the figures", async () => {
  await run({ directory: new NamedDirectory(namesOf(500)) });
  const before = storage.readLatest();
  const short = answeringShort(500, [7, 8]);

  const failing = run({ directory: short });

  await expect(failing).rejects.toMatchObject({
    code: "SNAPSHOT_INCOMPLETE",
    retryable: true,
    message: expect.stringMatching(/^2 of the 500 objects .* 2 are still there: 0{8}-.*0[78], 0{8}-.*0[78]\. /),
  });
  expect(storage.readLatest()).toEqual(before);
});

test("asks for all who are missing, some at a time, beside three who are there", async () => {
  await run({ directory: new NamedDirectory(namesOf(2_000)) });
  const directory = new NamedDirectory(namesOf(2_000));
  directory.entries.splice(0, 301);

  await run({ directory });

  expect(new Set(directory.asked).size).toBe(301 + 3);
  expect(storage.readPublished()).toHaveLength(2_000 - 301);
});

test("finds the few who are still there among hundreds who are gone", async () => {
  await run({ directory: new NamedDirectory(namesOf(2_000)) });
  const directory = answeringShort(2_000, [1_150]);
  directory.entries.splice(0, 300);

  await expect(run({ directory })).rejects.toMatchObject({
    code: "SNAPSHOT_INCOMPLETE",
    message: expect.stringContaining(`301 of the 2000 objects`),
  });
});

test("asks for a sample of those who are missing where too many are gone to publish anything", async () => {
  await run({ directory: new NamedDirectory(namesOf(5_000)) });
  const directory = new NamedDirectory(namesOf(5_000));
  directory.entries.splice(0, 4_000);

  await expect(run({ directory })).rejects.toMatchObject({ code: "SNAPSHOT_SHRUNK" });

  expect(new Set(directory.asked).size).toBeLessThan(110);
});

test("publishes although one of those it asks for as a proof was deleted meanwhile", async () => {
  await run({ directory: new NamedDirectory(namesOf(10)) });
  const directory = new NamedDirectory(namesOf(10));
  directory.entries.splice(9, 1);
  const findThere = directory.findThere.bind(directory);
  directory.findThere = async (ids) => {
    directory.entries.splice(0, 1);
    return findThere(ids);
  };

  expect(await run({ directory })).toMatchObject({ status: "published", rows: 9 });
});

test("believes no answer that leaves out all who are there", async () => {
  await run({ directory: new NamedDirectory(namesOf(10)) });
  const directory = new NamedDirectory(namesOf(10));
  directory.entries.splice(0, 1);
  directory.findThere = async () => new Set();

  await expect(run({ directory })).rejects.toMatchObject({ code: "EXCHANGE_TRANSIENT", retryable: true });
});

test("finds a short list where nearly all are missing", async () => {
  await run({ directory: new NamedDirectory(namesOf(900)) });
  const directory = answeringShort(
    900,
    Array.from({ length: 850 }, (_, number) => number),
  );

  await expect(run({ directory })).rejects.toMatchObject({ code: "SNAPSHOT_INCOMPLETE" });
});

test.each([
  { before: 100, now: 80, isPublished: true },
  { before: 100, now: 79, isPublished: false },
  { before: 99, now: 1, isPublished: true },
  { before: 100, now: 300, isPublished: true },
])("publishes $now after $before: $isPublished", async ({ before, now, isPublished }) => {
  await run({ read: () => readRows(before) });

  const answer = run({ read: () => readRows(now) });

  if (isPublished) expect(await answer).toMatchObject({ status: "published", rows: now });
  else await expect(answer).rejects.toMatchObject({ code: "SNAPSHOT_SHRUNK", retryable: false });
});

test("says what has shrunk by how much, and what to send where that is right", async () => {
  await run({ read: () => readRows(400) });

  const failing = run({ read: () => readRows(100) });

  await expect(failing).rejects.toMatchObject({
    message: expect.stringMatching(
      /100 rows are 75\.0 % fewer than the 400 .* at least 320 .*\{"allowShrinkTo": 100\}/,
    ),
  });
});

test("publishes a smaller snapshot once where it was allowed", async () => {
  await run({ read: () => readRows(400) });

  await expect(run({ read: () => readRows(100), allowShrinkTo: 101 })).rejects.toThrow();
  expect(await run({ read: () => readRows(100), allowShrinkTo: 100 })).toMatchObject({ rows: 100 });
  await expect(run({ read: () => readRows(10) })).rejects.toMatchObject({ code: "SNAPSHOT_SHRUNK" });
});

test("takes another limit", async () => {
  await run({ read: () => readRows(400) });

  expect(await run({ read: () => readRows(100), shrinkPercent: 75 })).toMatchObject({ rows: 100 });
});

test("publishes nothing where nothing is left, unless it was allowed", async () => {
  await run({ read: () => readRows(3) });

  await expect(run({ read: () => readRows(0) })).rejects.toMatchObject({
    code: "SNAPSHOT_EMPTY",
    message: expect.stringContaining('{"allowShrinkTo": 0}'),
  });
  expect(await run({ read: () => readRows(0), allowShrinkTo: 0 })).toMatchObject({ status: "published", rows: 0 });
  await expect(run({ read: () => readRows(0) })).rejects.toMatchObject({ code: "SNAPSHOT_EMPTY" });
});

test("publishes nothing of a first run that is given nothing, unless it was allowed", async () => {
  await expect(run({ read: () => readRows(0) })).rejects.toMatchObject({
    code: "SNAPSHOT_EMPTY",
    message: expect.stringContaining("no snapshot is published yet"),
  });

  expect(await run({ read: () => readRows(0), allowShrinkTo: 0 })).toMatchObject({ status: "published", rows: 0 });
});

test.each([
  { good: 10, bad: 5, isPublished: true },
  { good: 10, bad: 6, isPublished: false },
  { good: 891, bad: 9, isPublished: true },
  { good: 890, bad: 10, isPublished: false },
])("publishes $good rows beside $bad that are not as expected: $isPublished", async ({ good, bad, isPublished }) => {
  async function* read(): AsyncGenerator<SnapshotRow> {
    yield* readRows(good);
    for (let number = 0; number < bad; number += 1) yield { ok: false, id: undefined, reason: "Name: missing" };
  }

  const answer = run({ read });

  if (isPublished) return expect(await answer).toMatchObject({ rows: good, rejected: bad });
  await expect(answer).rejects.toMatchObject({ code: "ROWS_REJECTED", retryable: false });
  expect(storage.readRunRecords()[0]?.rejectedRows[0]).toEqual({ id: null, reason: "Name: missing" });
});

test("does not take for short a list whose missing row was rejected", async () => {
  async function* read(): AsyncGenerator<SnapshotRow> {
    yield row(1);
    yield { ok: false, id: "00000000-0000-0000-0000-000000000002", reason: "Name: missing" };
  }
  const isAlwaysThere = { list: () => read(), findThere: async (ids: readonly string[]) => new Set(ids) };
  await run({
    read: async function* () {
      yield row(1);
      yield row(2);
    },
  });

  expect(await run({ directory: isAlwaysThere })).toMatchObject({ rows: 1, rejected: 1, changes: { removed: 1 } });
});

test("compares another source with nothing but the number of rows", async () => {
  await run({ read: () => readRows(400), source: "recipients" });

  const fewer = run({ read: () => readRows(3), source: "recipients+rooms" });
  await expect(fewer).rejects.toMatchObject({ code: "SNAPSHOT_SHRUNK" });
  await expect(run({ read: () => readRows(0), source: "users" })).rejects.toMatchObject({ code: "SNAPSHOT_EMPTY" });
  const answer = await run({ read: () => readRows(390), source: "recipients+rooms" });

  expect(answer).toMatchObject({ status: "published", rows: 390 });
  expect(answer.changes).toBeUndefined();
});

test("publishes nothing where what is published cannot be read, and says what to do", async () => {
  await run({ read: () => readRows(3) });
  storage.write(storage.readManifest()?.pages[0]?.key ?? "", "something else");

  await expect(run({ read: () => readRows(3) })).rejects.toMatchObject({
    code: "STORAGE_CORRUPT",
    message: expect.stringContaining("delete latest.json"),
  });
});

function run(settings: IngestSettings) {
  return ingestInto(storage.store, settings);
}

/** A directory that leaves some out of its lists, though they are there. */
function answeringShort(count: number, leftOut: readonly number[]): NamedDirectory {
  const directory = new NamedDirectory(namesOf(count));
  const { list } = directory;
  const ids = new Set(leftOut.map(idOf));
  directory.list = async function* (query) {
    for await (const item of list.call(directory, query)) if (item.id === undefined || !ids.has(item.id)) yield item;
  };
  return directory;
}
