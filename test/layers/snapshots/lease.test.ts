import { setTimeout as delay } from "node:timers/promises";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { type IngestOptions, ingest } from "#snapshots/ingest";
import { readLatest } from "#snapshots/latest";
import { claimRun, type LeaseOptions } from "#snapshots/lease";
import type { SnapshotRow } from "#snapshots/snapshot-row";
import { startStorage } from "#test/support/storage";

let storage: Awaited<ReturnType<typeof startStorage>>;

beforeEach(async () => {
  storage = await startStorage();
});

afterEach(() => storage.stop());

test("lets one of ten runs started at once publish, and skips the others", async () => {
  const runs = Array.from({ length: 10 }, (_, n) => run({ scheduledTime: new Date(n) }));

  const answers = await Promise.all(runs);

  const statuses = answers.map((answer) => answer.status).sort();
  expect(statuses).toEqual(["published", ...Array(9).fill("skipped")]);
});

test("skips a scheduled time that is published already", async () => {
  const scheduledTime = new Date("2026-01-31T08:00:00Z");
  const first = await run({ scheduledTime });

  const second = await run({ scheduledTime });

  expect(second).toMatchObject({ status: "skipped", rows: 0, reason: expect.stringContaining(first.runId) });
});

test("fails a repetition of a run that holds its lease, so that it is repeated later", async () => {
  const scheduledTime = new Date("2026-01-31T08:00:00Z");
  await claim({ scheduledTime });

  await expect(run({ scheduledTime })).rejects.toMatchObject({ code: "RUN_IN_PROGRESS", retryable: true });
});

test("takes over a crashed run once its lease is over", async () => {
  await claim({ leaseMs: 1, renewEveryMs: 60_000 });
  await delay(20);

  expect(await run({})).toMatchObject({ status: "published" });
});

test("leaves the last snapshot standing after a crash just before publishing", async () => {
  const last = await run({});
  await claim({ leaseMs: 1, renewEveryMs: 60_000 });
  await storage.store.put("snapshots/users/runs/2026/01/31/held/manifest.json", "{}");
  await delay(20);

  expect(storage.readLatest()?.published?.runId).toBe(last.runId);
  expect(storage.readPublished()).toHaveLength(1);
  expect(await run({})).toMatchObject({ status: "published" });
});

test("keeps others out for as long as the lease is renewed", async () => {
  await claim({ leaseMs: 150, renewEveryMs: 30 });
  await delay(400);

  expect(await run({})).toMatchObject({ status: "skipped" });
});

test("never publishes a run that was taken over while it still writes", async () => {
  const reading = Promise.withResolvers<void>();
  const slow = run({ read: () => readSlowly(reading.promise), leaseMs: 1, renewEveryMs: 60_000 });
  await vi.waitUntil(async () => (await readLatest(storage.store, "users")).latest.run !== null);
  await delay(20);
  const winner = await run({});

  reading.resolve();

  await expect(slow).rejects.toMatchObject({ code: "RUN_TAKEN_OVER" });
  expect(storage.readLatest()?.published?.runId).toBe(winner.runId);
  expect(storage.readPublished()).toHaveLength(1);
});

test("stops a run soon after it was taken over", async () => {
  const lease = await claim({ leaseMs: 1, renewEveryMs: 50 });
  const { latest, etag } = await readLatest(storage.store, "users");
  const other = { ...latest, run: latest.run && { ...latest.run, runId: "another" } };
  await storage.store.putOver(etag, "snapshots/users/latest.json", JSON.stringify(other));

  await vi.waitUntil(() => lease.signal.aborted, { timeout: 2_000 });

  expect(lease.signal.reason).toMatchObject({ code: "RUN_TAKEN_OVER" });
});

test("refuses to publish what was read before the published snapshot", async () => {
  await run({});
  const lease = await claim({ startedAt: new Date(0) });
  const readStartedAt = new Date(0).toISOString();

  const publishing = lease.publish({
    runId: "old",
    manifestKey: "old",
    source: "recipients",
    rows: 0,
    scheduledTime: readStartedAt,
    readStartedAt,
    publishedAt: readStartedAt,
  });

  await expect(publishing).rejects.toMatchObject({ code: "RUN_OUTDATED" });
});

test.each([
  { trouble: "the answer to its claim is lost", target: "latest.json", after: 0 },
  { trouble: "the answer to its publishing is lost", target: "latest.json", after: 1 },
])("publishes although $trouble", async ({ target, after }) => {
  storage.s3.faults.add({ kind: "dropAfter", method: "PUT", target, after, times: 1 });

  const answer = await run({});

  expect(answer.status).toBe("published");
  expect(storage.readLatest()).toMatchObject({ published: { runId: answer.runId }, run: null });
});

test("tries again where S3 answers that another write is under way", async () => {
  storage.s3.faults.add({ kind: "conflict", method: "PUT", target: "latest.json", times: 2 });

  expect(await run({})).toMatchObject({ status: "published" });
});

test("goes on with its lease when S3 was out of reach for a renewal", async () => {
  const lease = await claim({ leaseMs: 60_000, renewEveryMs: 20 });
  storage.s3.faults.add({ kind: "slowDown", method: "PUT", times: 4 });

  await delay(1_500);

  expect(lease.signal.aborted).toBe(false);
  expect((await readLatest(storage.store, "users")).latest.run).not.toBeNull();
});

test("names a latest.json that no run has written", async () => {
  await storage.store.put("snapshots/users/latest.json", "{}");

  await expect(run({})).rejects.toMatchObject({ code: "STORAGE_CORRUPT" });
});

function run(options: Partial<IngestOptions>) {
  const read = () => readSlowly(delay(50));
  const { store } = storage;
  return ingest({
    store,
    kind: "users",
    source: "recipients",
    scheduledTime: new Date(),
    dryRun: false,
    read,
    ...options,
  });
}

async function claim(options: Partial<LeaseOptions>) {
  const startedAt = new Date();
  const claimed = await claimRun({
    store: storage.store,
    kind: "users",
    runId: "held",
    scheduledTime: startedAt,
    startedAt,
    leaseMs: 60_000,
    renewEveryMs: 20_000,
    ...options,
  });
  if ("skipped" in claimed) throw new Error(claimed.skipped);
  return claimed.lease;
}

async function* readSlowly(until: Promise<unknown>): AsyncGenerator<SnapshotRow> {
  await until;
  yield { ok: true, id: "00000000-0000-0000-0000-000000000001", type: "UserMailbox", record: { number: 1 } };
}
