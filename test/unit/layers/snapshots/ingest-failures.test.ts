import { setImmediate as nextTurn } from "node:timers/promises";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { deadlineIn } from "#runtime/deadline";
import { ExchangeError } from "#runtime/errors";
import type { SnapshotRow } from "#snapshots/directory";
import { ClaimFixture } from "#test/support/claim-fixture";
import { eventually } from "#test/support/eventually";
import { holdRequest } from "#test/support/hold-request";
import { type IngestSettings, ingestInto, readAfter, readRows, row } from "#test/support/ingest-fixture";
import { type Storage, startStorage } from "#test/support/storage";
import { NamedDirectory, namesOf } from "#test/unit/layers/snapshots/named-directory";

const scheduledTime = new Date("2026-01-31T12:00:00Z");
const tenRowPages = { maxRows: 10, maxBytes: 2 ** 20 };
/** Over before anything else happens, and not renewed. */
const shortLease = { leaseMs: 0, renewEveryMs: 60_000 };

let storage: Storage;

beforeEach(async () => {
  storage = await startStorage();
});

afterEach(async () => {
  vi.useRealTimers();
  await storage.stop();
});

test("leaves the last snapshot standing when a read fails, throws its error and lets the next run in", async () => {
  await run({ read: () => readRows(3) });
  const before = storage.readLatest();
  const error = new ExchangeError("POWERSHELL_EXITED", "It ended.");

  const failing = run({ read: () => readAndFail(45, error), pageLimits: tenRowPages });

  await expect(failing).rejects.toBe(error);
  expect(storage.readLatest()).toEqual(before);
  expect(storage.readPublished()).toHaveLength(3);
  expect(await run({ read: () => readRows(4) })).toMatchObject({ status: "published", rows: 4 });
});

test("tells in run.json how each run ended", async () => {
  const published = await run({ read: () => readRows(2), scheduledTime });
  const error = new ExchangeError("POWERSHELL_EXITED", "It ended.");
  await run({ read: () => readAndFail(5, error) }).catch(() => {});
  await run({ read: () => readAndFail(1, new Error("odd")) }).catch(() => {});

  const { manifestKey, runId } = published;
  expect(storage.readRunRecords()).toMatchObject([
    { status: "published", runId, manifestKey, rows: 2, scheduledTime: scheduledTime.toISOString() },
    { status: "failed", code: "POWERSHELL_EXITED", message: "It ended.", retryable: true, rows: 0 },
    { status: "failed", code: "UNEXPECTED", message: "Error: odd", rows: 0 },
  ]);
});

test.each(["page-00002", "manifest.json"])("publishes nothing when %s cannot be stored", async (target) => {
  const fault = storage.s3.faults.add({ kind: "dropBefore", method: "PUT", target });

  const failing = run({ read: () => readRows(35), pageLimits: tenRowPages });

  await expect(failing).rejects.toMatchObject({ code: "STORAGE_UNAVAILABLE" });
  expect(storage.readLatest()).toEqual({ published: null, run: null });
  storage.s3.faults.remove(fault);
  expect(await run({ read: () => readRows(3) })).toMatchObject({ status: "published" });
});

test("leaves the last snapshot standing when it is cut off from S3 just before publishing, and lets its lease run out", async () => {
  await run({ read: () => readRows(3) });
  const before = storage.readLatest()?.published;
  storage.s3.faults.add({ kind: "dropBefore", method: "PUT", target: "latest.json", after: 1 });

  const failing = run({ read: () => readRows(4), lease: shortLease });

  await expect(failing).rejects.toMatchObject({ code: "STORAGE_UNAVAILABLE" });
  expect(storage.readLatest()?.published).toEqual(before);
  expect(storage.readPublished()).toHaveLength(3);
  expect(storage.readRunRecords()).toMatchObject([
    { status: "published" },
    { status: "failed", code: "STORAGE_UNAVAILABLE", rows: 4 },
  ]);
  storage.s3.faults.clear();
  expect(await run({ read: () => readRows(5) })).toMatchObject({ status: "published" });
});

test("has published although its run.json cannot be written", async () => {
  storage.s3.faults.add({ kind: "accessDenied", method: "PUT", target: "run.json" });

  expect(await run({ read: () => readRows(3) })).toMatchObject({ status: "published" });
});

test("throws the read's own error although neither lease nor run.json can be written any more", async () => {
  const error = new ExchangeError("POWERSHELL_EXITED", "It ended.");
  async function* read() {
    yield row(1);
    storage.s3.faults.add({ kind: "accessDenied" });
    throw error;
  }

  await expect(run({ read })).rejects.toBe(error);
});

test("never publishes after it was taken over while it still wrote", async () => {
  const reading = Promise.withResolvers<void>();
  const slow = run({ read: () => readAfter(reading.promise, 35), lease: shortLease, pageLimits: tenRowPages });
  await eventually(() => (storage.readLatest()?.run ?? null) !== null);
  const winner = await run({ read: () => readRows(1) });

  reading.resolve();

  await expect(slow).rejects.toMatchObject({ code: "RUN_TAKEN_OVER" });
  expect(storage.readLatest()).toMatchObject({ published: { runId: winner.runId }, run: null });
  expect(storage.readPublished()).toHaveLength(1);
  expect(storage.readRunRecords().map(({ status }) => status)).toEqual(["takenOver", "published"]);
});

test("stops reading and writing soon after it was taken over", async () => {
  const ended = vi.fn();
  // Long enough for a renewal that takes its time: one that failed after the end of its lease would end the run as well.
  const lease = { leaseMs: 60_000, renewEveryMs: 50 };
  const put = vi.spyOn(storage.store, "put");
  const slow = run({ read: () => readUntilEnded(ended), lease, pageLimits: tenRowPages });
  slow.catch(() => {});
  await eventually(() => (storage.readLatest()?.run ?? null) !== null);
  const runs = new ClaimFixture(storage.store);
  await runs.cutOff({ runId: "other", leaseUntil: new Date(Date.now() + 60_000) });

  await expect(slow).rejects.toMatchObject({ code: "RUN_TAKEN_OVER", message: expect.stringContaining("other") });
  const calls = put.mock.calls.length;
  for (let turn = 0; turn < 100; turn += 1) await nextTurn();

  expect(ended).toHaveBeenCalledOnce();
  expect(put).toHaveBeenCalledTimes(calls);
  expect(storage.readLatest()?.run?.runId).toBe("other");
});

test("stops when its time is up, publishes nothing and lets the next run in", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "Date"] });
  const ended = vi.fn();
  async function* read() {
    yield* readRows(25);
    vi.advanceTimersByTime(60_000);
    yield* readUntilEnded(ended);
  }

  const late = run({ read, deadline: deadlineIn(60_000), pageLimits: tenRowPages });

  await expect(late).rejects.toMatchObject({ code: "DEADLINE_TOO_CLOSE", retryable: true });
  expect(ended).toHaveBeenCalledOnce();
  expect(storage.readLatest()).toEqual({ published: null, run: null });
  expect(storage.readRunRecords()).toMatchObject([{ status: "failed", code: "DEADLINE_TOO_CLOSE" }]);
});

test("says how far it came and how long it would have needed when its time is up", async () => {
  const names = namesOf(2_000);
  await run({ directory: new NamedDirectory(names) });
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "Date"] });
  const slow = new NamedDirectory(names);
  const { list } = slow;
  slow.list = async function* (query) {
    vi.advanceTimersByTime(slow.queries.length === 0 ? 20_000 : 40_000);
    yield* list.call(slow, query);
  };

  const late = run({ directory: slow, deadline: deadlineIn(60_000) });

  await expect(late).rejects.toMatchObject({
    code: "DEADLINE_TOO_CLOSE",
    message: expect.stringMatching(
      /: [1-9]\d{2} of about 2,000 rows were read in 60 s; the whole needs about \d{3} s\. Nothing/,
    ),
  });
  expect(storage.readPublished()).toHaveLength(2_000);
});

test("stops a dry run too when its time is up", async () => {
  const late = run({ read: () => readUntilEnded(() => {}), deadline: deadlineIn(50), dryRun: true });

  await expect(late).rejects.toMatchObject({ code: "DEADLINE_TOO_CLOSE" });
});

test("does not begin when its time is up already", async () => {
  const read = vi.fn(() => readRows(1));

  await expect(run({ read, deadline: deadlineIn(0) })).rejects.toMatchObject({ code: "DEADLINE_TOO_CLOSE" });

  expect(read).not.toHaveBeenCalled();
  expect(storage.listKeys()).toEqual([]);
});

test("does not publish when its time is up while a page is stored", async () => {
  holdRequest(storage, { method: "PUT", target: "page-" });

  const late = run({ read: () => readRows(3), deadline: deadlineIn(200) });

  await expect(late).rejects.toMatchObject({ code: "DEADLINE_TOO_CLOSE" });
  expect(storage.readLatest()).toEqual({ published: null, run: null });
});

function run(options: IngestSettings) {
  return ingestInto(storage.store, options);
}

async function* readAndFail(count: number, error: Error): AsyncGenerator<SnapshotRow> {
  yield* readRows(count);
  throw error;
}

async function* readUntilEnded(ended: () => void): AsyncGenerator<SnapshotRow> {
  try {
    for (let number = 0; ; number += 1) {
      await nextTurn();
      yield row(number);
    }
  } finally {
    ended();
  }
}
