import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { SnapshotKind } from "#snapshots/layout";
import { ClaimFixture, snapshotOf } from "#test/support/claim-fixture";
import { eventually } from "#test/support/eventually";
import { holdRequest } from "#test/support/hold-request";
import { type Storage, startStorage } from "#test/support/storage";

const takenOver = { code: "RUN_TAKEN_OVER", retryable: false };

let storage: Storage;
let runs: ClaimFixture;

beforeEach(async () => {
  storage = await startStorage();
  runs = new ClaimFixture(storage.store);
});

afterEach(async () => {
  vi.useRealTimers();
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
  await runs.claim({ runId: "mine", leaseMs: 10_000, renewEveryMs: 10 });
  const firstUntil = leaseUntil();
  await eventually(() => leaseUntil() > firstUntil);

  vi.setSystemTime(firstUntil);

  expect(await runs.trySkipped({})).toContain("mine");
});

test("is renewed no more once it has ended", async () => {
  const lease = await runs.claim({ runId: "mine", renewEveryMs: 10 });
  await lease.publish(snapshotOf("mine"));
  const renewals = storage.s3.faults.add({ kind: "slowDown", target: "/users/" });
  const other = new ClaimFixture(storage.store, "groups");
  await other.claim({ renewEveryMs: 10 });

  for (const _ of [1, 2, 3]) {
    const before = leaseUntil("groups");
    await eventually(() => leaseUntil("groups") > before);
  }

  expect(storage.s3.faults.failed(renewals)).toBe(0);
  expect(lease.signal.aborted).toBe(false);
  await other.end();
});

test("never publishes after another run took over, also where that one has ended", async () => {
  const first = await runs.claim({ runId: "first", leaseMs: 0 });
  const second = await runs.claim({ runId: "second" });

  await expect(first.publish(snapshotOf("first"))).rejects.toMatchObject(takenOver);
  await second.publish(snapshotOf("second"));
  await expect(first.publish(snapshotOf("first"))).rejects.toMatchObject(takenOver);

  expect(storage.readLatest()).toMatchObject({ published: { runId: "second" }, run: null });
});

test("does not publish over a run that takes over between its reading and its writing of latest.json", async () => {
  const first = await runs.claim({ runId: "first", leaseMs: 0 });
  const write = holdRequest(storage, { method: "PUT" });
  const publishing = expect(first.publish(snapshotOf("first"))).rejects.toMatchObject(takenOver);
  await write.held();
  await runs.claim({ runId: "second" });

  await write.letGo();
  await publishing;

  expect(storage.readLatest()).toMatchObject({ published: null, run: { runId: "second" } });
});

test("leaves the lease of the run that took over when it is released", async () => {
  const first = await runs.claim({ runId: "first", leaseMs: 0 });
  await runs.claim({ runId: "second" });

  await first.release();

  expect(storage.readLatest()?.run?.runId).toBe("second");
});

test("tells a run that still writes that it was taken over, at the next renewal", async () => {
  const first = await runs.claim({ runId: "first", renewEveryMs: 20 });
  await runs.cutOff({ runId: "second", leaseUntil: new Date(Date.now() + 60_000) });

  await eventually(() => first.signal.aborted);

  expect(first.signal.reason).toMatchObject({ ...takenOver, message: expect.stringContaining("second") });
  expect(storage.readLatest()?.run?.runId).toBe("second");
});

test("still publishes after its lease is over, where nobody has taken over", async () => {
  const lease = await runs.claim({ runId: "mine", leaseMs: 0 });

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
  const repetition = holdRequest(storage, { method: "PUT", after: 1 });
  const publishing = lease.publish(snapshotOf("first"));
  await repetition.held();
  expect(storage.s3.faults.failed(lost)).toBe(1);
  await runs.claim({ runId: "second" });

  await repetition.letGo();
  await publishing;

  expect(storage.readLatest()).toMatchObject({ published: { runId: "first" }, run: { runId: "second" } });
});

test.each(["dropAfter", "dropBefore", "conflict", "slowDown"] as const)(
  "goes on renewing after %s in some of its renewals",
  async (kind) => {
    const lease = await runs.claim({ runId: "mine", renewEveryMs: 30 });
    const fault = storage.s3.faults.add({ kind, every: 2, times: 4 });

    await eventually(() => storage.s3.faults.failed(fault) === 4);
    const before = leaseUntil();
    await eventually(() => leaseUntil() > before);

    expect(lease.signal.aborted).toBe(false);
  },
);

test("stops the run when it could not be renewed until the lease was over", async () => {
  const lease = await runs.claim({ runId: "mine", leaseMs: 300, renewEveryMs: 50 });
  storage.s3.faults.add({ kind: "delay", delayMs: 60_000 });

  await eventually(() => lease.signal.aborted);

  expect(lease.signal.reason).toMatchObject({ code: "STORAGE_UNAVAILABLE" });
});

test("stops the run when S3 denies a renewal", async () => {
  const lease = await runs.claim({ runId: "mine", renewEveryMs: 20 });
  storage.s3.faults.add({ kind: "accessDenied", method: "PUT", times: 1 });

  await eventually(() => lease.signal.aborted);

  expect(lease.signal.reason).toMatchObject({ code: "STORAGE_DENIED" });
});

test("publishes at once while a renewal hangs, which then changes nothing", async () => {
  const lease = await runs.claim({ runId: "mine", renewEveryMs: 20 });
  const renewal = holdRequest(storage, { method: "PUT" });
  await renewal.held();

  await lease.publish(snapshotOf("mine"));
  await renewal.letGo();

  expect(storage.readLatest()).toMatchObject({ published: { runId: "mine" }, run: null });
});

/** Until when the claim holds that `latest.json` names. */
function leaseUntil(kind: SnapshotKind = "users"): string {
  return storage.readLatest(kind)?.run?.leaseUntil ?? "";
}
