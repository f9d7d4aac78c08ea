import { createHash } from "node:crypto";
import { setImmediate as nextTurn } from "node:timers/promises";
import { gunzipSync } from "node:zlib";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { ExchangeError } from "#runtime/errors";
import { writePages } from "#storage/pages";
import { eventually } from "#test/support/eventually";
import { holdRequest } from "#test/support/hold-request";
import { type Storage, startStorage } from "#test/support/storage";

const unbounded = { maxRows: 1_000_000, maxBytes: 2 ** 30 };

let storage: Storage;

beforeEach(async () => {
  storage = await startStorage();
});

afterEach(() => storage.stop());

test.each([
  [0, []],
  [1, [1]],
  [3, [3]],
  [4, [3, 1]],
  [7, [3, 3, 1]],
])("writes %i records as pages of at most three: %o", async (count, rows) => {
  const pages = await write(records(count), { ...unbounded, maxRows: 3 });

  expect(pages.map((page) => page.rows)).toEqual(rows);
  expect(readAll().map(({ number }) => number)).toEqual(Array.from({ length: count }, (_, number) => number));
});

test("ends a page before it would hold more bytes, counted as UTF-8", async () => {
  const line = Buffer.byteLength(`${JSON.stringify({ name: "üüüü" })}\n`);
  const four = Array.from({ length: 4 }, () => ({ name: "üüüü" }));

  const pages = await write(four, { ...unbounded, maxBytes: 2 * line });

  expect(pages.map((page) => page.rows)).toEqual([2, 2]);
});

test("gives a record that is larger than a page a page of its own", async () => {
  const three = [{ name: "a" }, { name: "x".repeat(500) }, { name: "b" }];

  const pages = await write(three, { ...unbounded, maxBytes: 100 });

  expect(pages.map((page) => page.rows)).toEqual([1, 1, 1]);
});

test("answers keys, sizes and hashes of what is stored", async () => {
  const pages = await write(records(5), { ...unbounded, maxRows: 3 });

  expect(pages.map(({ key }) => key)).toEqual(["page-1", "page-2"]);
  for (const { key, bytes, sha256 } of pages) {
    const body = storage.read(key);
    expect({ bytes, sha256 }).toEqual({ bytes: body.length, sha256: createHash("sha256").update(body).digest("hex") });
  }
});

test("makes the same bytes of the same records, however slowly they come", async () => {
  async function* slowly() {
    for await (const record of records(20_000)) {
      if (record.number % 1_000 === 0) await nextTurn();
      yield record;
    }
  }

  const quick = await write(records(20_000), { ...unbounded, maxRows: 15_000 });
  const slow = await write(slowly(), { ...unbounded, maxRows: 15_000 });

  expect(quick).toHaveLength(2);
  expect(slow).toEqual(quick);
});

test("keeps lines apart whatever a record holds", async () => {
  const names = ["line\nbreak", "\u2028", "quote\"'`", "emoji 😀", "\ud800"];

  await write(
    names.map((name) => ({ name })),
    unbounded,
  );

  expect(readAll().map(({ name }) => name)).toEqual(names);
});

test("lets the records wait while a page is stored and the next one is full", async () => {
  const firstPage = holdRequest(storage, { method: "PUT" });
  let taken = 0;
  async function* counted() {
    for await (const record of records(100)) {
      taken += 1;
      yield record;
    }
  }

  const writing = write(counted(), { ...unbounded, maxRows: 10 });
  await eventually(() => taken === 21);
  await firstPage.held();
  for (let turn = 0; turn < 100; turn += 1) await nextTurn();
  const takenMeanwhile = taken;
  await firstPage.letGo();
  await writing;

  expect([takenMeanwhile, taken]).toEqual([21, 100]);
});

test("ends the reading when a page cannot be stored", async () => {
  storage.s3.faults.add({ kind: "accessDenied", method: "PUT", target: "page-2" });
  const ended = vi.fn();

  const writing = write(endless(ended), { ...unbounded, maxRows: 10 });

  await expect(writing).rejects.toMatchObject({ code: "STORAGE_DENIED" });
  expect(ended).toHaveBeenCalledOnce();
  expect(storage.listKeys()).toEqual(["page-1"]);
});

test("writes nothing more once its signal is aborted, and ends the reading", async () => {
  const controller = new AbortController();
  const ended = vi.fn();
  const reason = new ExchangeError("RUN_TAKEN_OVER", "Another run took over.");

  const put = vi.spyOn(storage.store, "put");

  const writing = write(endless(ended), { ...unbounded, maxRows: 10 }, controller.signal);
  await eventually(() => storage.listKeys().length > 2);
  controller.abort(reason);

  await expect(writing).rejects.toBe(reason);
  expect(put).toHaveBeenCalled();
  const calls = put.mock.calls.length;
  for (let turn = 0; turn < 100; turn += 1) await nextTurn();
  expect(put).toHaveBeenCalledTimes(calls);
  expect(ended).toHaveBeenCalledOnce();
});

function write(
  source: Iterable<object> | AsyncIterable<object>,
  limits: { maxRows: number; maxBytes: number },
  signal = new AbortController().signal,
) {
  const keyOf = (pageNumber: number) => `page-${pageNumber}`;
  return writePages(asynchronously(source), { store: storage.store, keyOf, limits, signal });
}

async function* asynchronously(source: Iterable<object> | AsyncIterable<object>) {
  for await (const record of source) yield `${JSON.stringify(record)}\n`;
}

async function* records(count: number) {
  for (let number = 0; number < count; number += 1) yield { number };
}

async function* endless(ended: () => void) {
  try {
    for (let number = 0; ; number += 1) {
      if (number % 5 === 0) await nextTurn();
      yield { number };
    }
  } finally {
    ended();
  }
}

function readAll(): Record<string, unknown>[] {
  const lines = storage.listKeys().flatMap((key) => gunzipSync(storage.read(key)).toString("utf8").split("\n"));
  return lines.filter((line) => line !== "").map((line) => JSON.parse(line));
}
