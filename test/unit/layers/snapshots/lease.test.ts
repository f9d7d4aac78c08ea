import { setTimeout as delay } from "node:timers/promises";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { ClaimFixture, snapshotOf } from "#test/support/claim-fixture";
import { type Storage, startStorage } from "#test/support/storage";

const takenOver = { code: "RUN_TAKEN_OVER", retryable: false };

let storage: Storage;
let runs: ClaimFixture;

beforeEach(async () => {
  storage = await startStorage();
  runs = new ClaimFixture(storage.store);
});

afterEach(async () => {
  storage.s3.faults.clear();
  await runs.end();
  await storage.stop();
});

test("publishes and ends the lease in one write", async () => {
  const lease = await runs.claim({ runId: "mine" });
  const published = snapshotOf("mine");

  await lease.publish(published);

  expect(storage.readLatest()).toEqual({ published, run: null });
});

test("lets the next run in and keeps what is published when it is released", async () => {
  await (await runs.claim({ runId: "first" })).publish(snapshotOf("first"));
  const lease = await runs.claim({ runId: "second" });

  await lease.release();
  await lease.release();

  expect(storage.readLatest()).toMatchObject({ published: { runId: "first" }, run: null });
});

test("keeps others out for as long as it is renewed", async () => {
  await runs.claim({ runId: "mine", leaseMs: 500, renewEveryMs: 50 });
  await delay(900);

  expect(await runs.trySkipped({})).toContain("mine");
});

test("is renewed no more once it has ended", async () => {
  const lease = await runs.claim({ runId: "mine", leaseMs: 200, renewEveryMs: 10 });
  await delay(50);
  await lease.publish(snapshotOf("mine"));
  const gets = storage.s3.faults.add({ kind: "slowDown" });

  await delay(100);

  expect(storage.s3.faults.failed(gets)).toBe(0);
  expect(lease.signal.aborted).toBe(false);
});

test("never publishes after another run took over, also where that one has ended", async () => {
  const first = await runs.claim({ runId: "first", leaseMs: 1 });
  await delay(5);
  const second = await runs.claim({ runId: "second" });

  await expect(first.publish(snapshotOf("first"))).rejects.toMatchObject(takenOver);
  await second.publish(snapshotOf("second"));
  await expect(first.publish(snapshotOf("first"))).rejects.toMatchObject(takenOver);

  expect(storage.readLatest()).toMatchObject({ published: { runId: "second" }, run: null });
});

test("does not publish over a run that takes over between its reading and its writing of latest.json", async () => {
  const first = await runs.claim({ runId: "first", leaseMs: 1 });
  storage.s3.faults.add({ kind: "delay", method: "PUT", delayMs: 300, times: 1 });
  const publishing = first.publish(snapshotOf("first"));
  await delay(100);
  await runs.claim({ runId: "second" });

  await expect(publishing).rejects.toMatchObject(takenOver);

  expect(storage.readLatest()).toMatchObject({ published: null, run: { runId: "second" } });
});

test("leaves the lease of the run that took over when it is released", async () => {
  const first = await runs.claim({ runId: "first", leaseMs: 1 });
  await delay(5);
  await runs.claim({ runId: "second" });

  await first.release();

  expect(storage.readLatest()?.run?.runId).toBe("second");
});

test("tells a run that still writes that it was taken over, at the next renewal", async () => {
  const first = await runs.claim({ runId: "first", leaseMs: 1, renewEveryMs: 60 });
  await delay(5);
  await runs.claim({ runId: "second" });

  await vi.waitUntil(() => first.signal.aborted, { timeout: 2_000 });

  expect(first.signal.reason).toMatchObject({ ...takenOver, message: expect.stringContaining("second") });
  expect(storage.readLatest()?.run?.runId).toBe("second");
});

test("still publishes after its lease is over, where nobody has taken over", async () => {
  const lease = await runs.claim({ runId: "mine", leaseMs: 1 });
  await delay(20);

  await lease.publish(snapshotOf("mine"));

  expect(storage.readLatest()?.published?.runId).toBe("mine");
});

test("refuses to publish what was read before what is published", async () => {
  await (await runs.claim({ runId: "first" })).publish(snapshotOf("first"));
  const lease = await runs.claim({ runId: "second" });
  const old = snapshotOf("second", { readStartedAt: new Date(0).toISOString() });

  await expect(lease.publish(old)).rejects.toMatchObject({ code: "RUN_OUTDATED" });

  expect(storage.readLatest()?.published?.runId).toBe("first");
});

test.each([
  { trouble: "the answer was lost", fault: { kind: "dropAfter", times: 1 } },
  { trouble: "no try was answered", fault: { kind: "dropAfter", times: 2 } },
  { trouble: "the connection broke before the write", fault: { kind: "dropBefore", times: 1 } },
  { trouble: "another write was under way", fault: { kind: "conflict", times: 2 } },
] as const)("publishes although $trouble", async ({ fault }) => {
  const lease = await runs.claim({ runId: "mine" });
  storage.s3.faults.add({ ...fault, method: "PUT" });

  await lease.publish(snapshotOf("mine"));

  expect(storage.readLatest()).toMatchObject({ published: { runId: "mine" }, run: null });
});

test("knows that it has published although the answer was lost and the next run has claimed already", async () => {
  const lease = await runs.claim({ runId: "first" });
  const lost = storage.s3.faults.add({ kind: "dropAfter", method: "PUT", times: 1 });
  const slow = storage.s3.faults.add({ kind: "delay", method: "PUT", after: 1, delayMs: 300, times: 1 });
  const publishing = lease.publish(snapshotOf("first"));
  await vi.waitUntil(() => storage.s3.faults.failed(lost) + storage.s3.faults.failed(slow) === 2);
  await runs.claim({ runId: "second" });

  await publishing;

  expect(storage.readLatest()).toMatchObject({ published: { runId: "first" }, run: { runId: "second" } });
});

test.each(["dropAfter", "dropBefore", "conflict", "slowDown"] as const)(
  "goes on renewing after %s in some of its renewals",
  async (kind) => {
    const lease = await runs.claim({ runId: "mine", leaseMs: 5_000, renewEveryMs: 30 });
    const fault = storage.s3.faults.add({ kind, every: 2, times: 4 });

    await vi.waitUntil(() => storage.s3.faults.failed(fault) === 4, { timeout: 10_000 });
    const before = storage.readLatest()?.run?.leaseUntil ?? "";
    await vi.waitUntil(() => (storage.readLatest()?.run?.leaseUntil ?? "") > before, { timeout: 5_000 });

    expect(lease.signal.aborted).toBe(false);
  },
);

test("stops the run when it could not be renewed until the lease was over", async () => {
  const lease = await runs.claim({ runId: "mine", leaseMs: 300, renewEveryMs: 50 });
  storage.s3.faults.add({ kind: "delay", delayMs: 60_000 });

  await vi.waitUntil(() => lease.signal.aborted, { timeout: 3_000 });

  expect(lease.signal.reason).toMatchObject({ code: "STORAGE_UNAVAILABLE" });
});

test("stops the run when S3 denies a renewal", async () => {
  const lease = await runs.claim({ runId: "mine", renewEveryMs: 20 });
  storage.s3.faults.add({ kind: "accessDenied", method: "PUT", times: 1 });

  await vi.waitUntil(() => lease.signal.aborted, { timeout: 2_000 });

  expect(lease.signal.reason).toMatchObject({ code: "STORAGE_DENIED" });
});

test("publishes at once while a renewal hangs, which then changes nothing", async () => {
  const lease = await runs.claim({ runId: "mine", renewEveryMs: 20 });
  const hanging = storage.s3.faults.add({ kind: "delay", method: "PUT", delayMs: 1_500, times: 1 });
  await vi.waitUntil(() => storage.s3.faults.failed(hanging) === 1);
  const startedAt = Date.now();

  await lease.publish(snapshotOf("mine"));
  const tookMs = Date.now() - startedAt;
  await delay(1_500);

  expect(tookMs).toBeLessThan(1_200);
  expect(storage.readLatest()).toMatchObject({ published: { runId: "mine" }, run: null });
});
