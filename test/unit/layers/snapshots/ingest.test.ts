import { createHash } from "node:crypto";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { SnapshotRow } from "#snapshots/directory";
import { wholeDirectory } from "#snapshots/partition";
import { ClaimFixture } from "#test/support/claim-fixture";
import { type IngestSettings, ingestInto, numbers, readAfter, readRows, row } from "#test/support/ingest-fixture";
import { type Storage, startStorage } from "#test/support/storage";
import { NamedDirectory, namesOf } from "#test/unit/layers/snapshots/named-directory";

const scheduledTime = new Date("2026-01-31T12:00:00Z");
const tenRowPages = { maxRows: 10, maxBytes: 2 ** 20 };

let storage: Storage;

beforeEach(async () => {
  storage = await startStorage();
});

afterEach(async () => {
  vi.useRealTimers();
  await storage.stop();
});

test.each([0, 1, 10, 11, 95])("publishes %i records in pages of ten, in order and once each", async (rows) => {
  const answer = await run({ read: () => readRows(rows), pageLimits: tenRowPages, allowShrinkTo: 0 });

  expect(answer).toMatchObject({ status: "published", rows, pages: Math.ceil(rows / 10), duplicates: 0, rejected: 0 });
  expect(storage.readPublished().map(({ number }) => number)).toEqual(numbers(rows));
});

test("leads a reader from latest.json to every page by hashes", async () => {
  const answer = await run({ read: () => readRows(25), pageLimits: tenRowPages });

  const { published, run: underWay } = storage.readLatest() ?? {};
  expect(underWay).toBeNull();
  expect(published).toMatchObject({
    runId: answer.runId,
    rows: 25,
    source: "recipients",
    manifestKey: answer.manifestKey,
  });
  expect(sha256(storage.read(answer.manifestKey ?? ""))).toBe(published?.manifestSha256);
  const pages = storage.readManifest()?.pages ?? [];
  expect(pages.map((page) => page.rows)).toEqual([10, 10, 5]);
  for (const page of pages) expect(sha256(storage.read(page.key))).toBe(page.sha256);
});

test("describes in the manifest what was read, when and how", async () => {
  await run({ read: () => readRows(3), scheduledTime });

  const manifest = storage.readManifest();
  expect(manifest).toMatchObject({
    schemaVersion: 1,
    kind: "users",
    scheduledTime: scheduledTime.toISOString(),
    partitions: [{ ...wholeDirectory, rows: 3, reading: "whole" }],
    changedMeanwhile: null,
    changes: null,
    warnings: { count: 0, texts: [] },
  });
  expect(Date.parse(manifest?.readEndedAt ?? "")).toBeGreaterThanOrEqual(Date.parse(manifest?.readStartedAt ?? ""));
});

test("counts duplicates, types and rejected rows, keeps the first of a duplicate and names those rejected", async () => {
  async function* read(): AsyncGenerator<SnapshotRow> {
    yield row(1);
    yield { ok: false, id: "6f9619ff-8b86-d011-b42d-00c04fc964ff", reason: "Name: missing" };
    yield row(2, "MailUser");
    yield { ...row(1), record: { number: "again" } } as SnapshotRow;
    yield { ok: false, id: undefined, reason: "Guid: missing" };
  }

  const answer = await run({ read });

  expect(answer).toMatchObject({ rows: 2, duplicates: 1, rejected: 2 });
  expect(storage.readPublished().map(({ number }) => number)).toEqual([1, 2]);
  expect(storage.readManifest()).toMatchObject({
    totals: { rows: 2, byType: { MailUser: 1, UserMailbox: 1 }, duplicates: 1, rejected: 2 },
    rejectedRows: [
      { id: "6f9619ff-8b86-d011-b42d-00c04fc964ff", reason: "Name: missing" },
      { id: null, reason: "Guid: missing" },
    ],
  });
});

test("keeps what Exchange warned of, each text once", async () => {
  await run({
    read: ({ onWarning }) => {
      for (const text of ["slow today", "slow today", "slower"]) onWarning(text);
      return readRows(1);
    },
  });

  expect(storage.readManifest()?.warnings).toEqual({ count: 3, texts: ["slow today", "slower"] });
});

test("tells progress while it reads", async () => {
  const onProgress = vi.fn();

  await run({ directory: new NamedDirectory(namesOf(2_500)), onProgress });
  await run({ directory: new NamedDirectory(namesOf(2_500)), onProgress });

  expect(onProgress.mock.calls.map(([{ rows }]) => rows)).toEqual([1_000, 2_000, 1_000, 2_000]);
  expect(onProgress.mock.calls.at(-1)).toEqual([{ rows: 2_000, expectedRows: 2_500 }]);
});

test("reads everything in a dry run, asks S3 for nothing and writes nothing", async () => {
  storage.s3.faults.add({ kind: "accessDenied" });

  const answer = await run({ read: () => readRows(7), dryRun: true });

  expect(answer).toMatchObject({ status: "dryRun", rows: 7, pages: 0 });
  expect(storage.listKeys()).toEqual([]);
});

test("takes the time it began for its scheduled time where it has none", async () => {
  await run({ read: () => readRows(1) });

  const published = storage.readLatest()?.published;
  expect(published?.scheduledTime).toBe(published?.readStartedAt);
});

test("reads nothing where its scheduled time is published already", async () => {
  await run({ read: () => readRows(1), scheduledTime });
  const read = vi.fn(() => readRows(2));

  const answer = await run({ read, scheduledTime });

  expect(answer).toMatchObject({ status: "skipped", rows: 0, reason: expect.stringContaining("published") });
  expect(read).not.toHaveBeenCalled();
});

test("publishes once where ten runs start at once", async () => {
  const othersHaveEnded = Promise.withResolvers<void>();
  let ended = 0;
  const runs = numbers(10).map(async (n) => {
    const answer = await run({ scheduledTime: new Date(n), read: () => readAfter(othersHaveEnded.promise, 20) });
    ended += 1;
    if (ended === 9) othersHaveEnded.resolve();
    return answer;
  });

  const answers = await Promise.all(runs);

  expect(answers.map(({ status }) => status).sort()).toEqual(["published", ...Array(9).fill("skipped")]);
  expect(storage.readPublished()).toHaveLength(20);
});

test("is repeated, not skipped, after a run of its scheduled time was cut off", async () => {
  const runs = new ClaimFixture(storage.store);
  const leaseUntil = new Date(Date.now() + 60_000);
  await runs.cutOff({ scheduledTime, leaseUntil });

  await expect(run({ read: () => readRows(1), scheduledTime })).rejects.toMatchObject({ code: "RUN_IN_PROGRESS" });
  vi.setSystemTime(leaseUntil);

  expect(await run({ read: () => readRows(1), scheduledTime })).toMatchObject({ status: "published" });
});

function run(options: IngestSettings) {
  return ingestInto(storage.store, options);
}

function sha256(bytes: Buffer): string {
  return createHash("sha256").update(bytes).digest("hex");
}
