import { createHash } from "node:crypto";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { type IngestOptions, ingest } from "#snapshots/ingest";
import type { SnapshotRow } from "#snapshots/snapshot-row";
import { startStorage } from "#test/support/storage";

let storage: Awaited<ReturnType<typeof startStorage>>;

beforeEach(async () => {
  storage = await startStorage();
});

afterEach(() => storage.stop());

test.each([0, 1, 10, 11, 95])("publishes %i records in pages of ten, in order and once each", async (rows) => {
  const answer = await run({ read: () => readRows(rows), maxPageRows: 10 });

  expect(answer).toMatchObject({ status: "published", rows, pages: Math.ceil(rows / 10), duplicates: 0, rejected: 0 });
  expect(storage.readPublished().map((record) => record.number)).toEqual(Array.from({ length: rows }, (_, n) => n));
});

test("bounds a page by its bytes too", async () => {
  await run({ read: () => readRows(20), maxPageBytes: 200 });

  const pages = storage.readManifest()?.pages ?? [];
  expect(pages.length).toBeGreaterThan(5);
  expect(pages.reduce((sum, page) => sum + page.rows, 0)).toBe(20);
});

test("names each page's bytes and hash in the manifest", async () => {
  await run({ read: () => readRows(25), maxPageRows: 10 });

  const pages = storage.readManifest()?.pages ?? [];
  expect(pages).toHaveLength(3);
  for (const page of pages) {
    const body = storage.read(page.key);
    expect(page).toMatchObject({ bytes: body.length, sha256: createHash("sha256").update(body).digest("hex") });
  }
});

test("counts duplicates, types and rejected rows, and names those rejected", async () => {
  async function* read(): AsyncGenerator<SnapshotRow> {
    yield row(1);
    yield { ok: false, id: "x", reason: "Name: missing" };
    yield row(2, "MailUser");
    yield row(1);
  }

  const answer = await run({ read });

  expect(answer).toMatchObject({ rows: 2, duplicates: 1, rejected: 1 });
  expect(storage.readManifest()).toMatchObject({
    totals: { rows: 2, byType: { MailUser: 1, UserMailbox: 1 } },
    rejectedRows: [{ id: "x", reason: "Name: missing" }],
  });
});

test("keeps the warnings of a read in the manifest", async () => {
  await run({
    read: ({ onWarning }) => {
      onWarning("slow today");
      return readRows(1);
    },
  });

  expect(storage.readManifest()?.warnings).toEqual(["slow today"]);
});

test("writes nothing in a dry run", async () => {
  const answer = await run({ read: () => readRows(7), dryRun: true });

  expect(answer).toMatchObject({ status: "dryRun", rows: 7, pages: 0 });
  expect(storage.readLatest()).toBeUndefined();
});

test("leaves the last snapshot standing when a read fails, and the way free for the next run", async () => {
  await run({ read: () => readRows(3) });
  const before = storage.readLatest()?.published;

  const failing = run({ read: () => readRows(500, 400), maxPageRows: 10 });

  await expect(failing).rejects.toThrow("the read broke");
  expect(storage.readLatest()).toEqual({ published: before, run: null });
  expect(storage.readPublished()).toHaveLength(3);
  expect(await run({ read: () => readRows(4) })).toMatchObject({ status: "published", rows: 4 });
});

test.each(["manifest.json", "page-00001"])("publishes nothing when %s cannot be stored", async (target) => {
  const fault = storage.s3.faults.add({ kind: "slowDown", method: "PUT", target });

  await expect(run({ read: () => readRows(3) })).rejects.toMatchObject({ code: "STORAGE_UNAVAILABLE" });

  expect(storage.readLatest()).toEqual({ published: null, run: null });
  storage.s3.faults.remove(fault);
  expect(await run({ read: () => readRows(3) })).toMatchObject({ status: "published" });
});

test("tells how a run ended in its run.json, published or not", async () => {
  const published = await run({ read: () => readRows(2) });
  await run({ read: () => readRows(9, 5) }).catch(() => {});

  const keys = storage.listKeys().filter((key) => key.endsWith("run.json"));
  const reports = keys.map((key) => JSON.parse(storage.read(key).toString("utf8")));
  expect(reports).toMatchObject([
    { runId: published.runId, rows: 2, outcome: { status: "published", manifestKey: published.manifestKey } },
    { rows: 5, outcome: { status: "failed", code: "UNEXPECTED" } },
  ]);
});

test("tells progress while it reads", async () => {
  const onProgress = vi.fn();

  await run({ read: () => readRows(2_500), onProgress });

  expect(onProgress.mock.calls).toEqual([[{ rows: 1_000 }], [{ rows: 2_000 }]]);
});

function run(options: Pick<IngestOptions, "read"> & Partial<IngestOptions>) {
  const { store } = storage;
  return ingest({ store, kind: "users", source: "recipients", scheduledTime: new Date(), dryRun: false, ...options });
}

async function* readRows(count: number, failAfter = Number.POSITIVE_INFINITY): AsyncGenerator<SnapshotRow> {
  for (let number = 0; number < count; number += 1) {
    if (number === failAfter) throw new Error("the read broke");
    yield row(number);
  }
}

function row(number: number, type = "UserMailbox"): SnapshotRow {
  const id = `00000000-0000-0000-0000-${String(number).padStart(12, "0")}`;
  return { ok: true, id, type, record: { id, number } };
}
