import { afterEach, beforeEach, expect, test } from "vitest";
import { changeLatest, type Published } from "#snapshots/publication";
import { ClaimFixture, snapshotOf } from "#test/support/claim-fixture";
import { type Storage, startStorage } from "#test/support/storage";

const noon = new Date("2026-01-31T12:00:00Z");
const midnight = new Date("2026-02-01T00:00:00Z");

let storage: Storage;
let runs: ClaimFixture;

beforeEach(async () => {
  storage = await startStorage();
  runs = new ClaimFixture(storage.store);
});

afterEach(async () => {
  await runs.end();
  await storage.stop();
});

test("names the run in latest.json and leaves what is published", async () => {
  const published = await publishEarlier({});

  await runs.claim({ runId: "mine", scheduledTime: noon });

  expect(storage.readLatest()).toMatchObject({ published, run: { runId: "mine", scheduledTime: noon.toISOString() } });
});

test("skips while another run is under way", async () => {
  await runs.claim({ runId: "other", scheduledTime: noon });

  const skipped = await runs.trySkipped({ scheduledTime: midnight });

  expect(skipped).toContain("other");
});

test("fails while a run of the same scheduled time is under way, so that it is repeated later", async () => {
  await runs.claim({ scheduledTime: noon });

  const claiming = runs.claim({ scheduledTime: noon });

  await expect(claiming).rejects.toMatchObject({ code: "RUN_IN_PROGRESS", retryable: true });
});

test("skips a scheduled time that is published, also while its lease would be free", async () => {
  await publishEarlier({ runId: "first", scheduledTime: noon.toISOString() });

  const skipped = await runs.trySkipped({ scheduledTime: noon });

  expect(skipped).toContain("first");
  expect(storage.readLatest()?.run).toBeNull();
});

test("skips a published scheduled time also while another run is under way", async () => {
  await publishEarlier({ scheduledTime: noon.toISOString() });
  await runs.claim({ scheduledTime: midnight });

  expect(await runs.trySkipped({ scheduledTime: noon })).toContain("is published already");
});

test("claims at once where the lease of a run that was cut off is over", async () => {
  await runs.cutOff({ runId: "dead", scheduledTime: noon, leaseUntil: new Date(Date.now() - 1) });

  await runs.claim({ runId: "mine", scheduledTime: noon });

  expect(storage.readLatest()?.run?.runId).toBe("mine");
});

test("refuses a run whose reading cannot be later than that of what is published", async () => {
  await publishEarlier({ readStartedAt: new Date(Date.now() - 60_000).toISOString() });

  const readStartedAt = new Date(Date.now() - 120_000);
  await expect(runs.claim({ readStartedAt })).rejects.toMatchObject({ code: "RUN_OUTDATED" });

  expect(storage.readLatest()?.run).toBeNull();
});

test("is not held up by a snapshot that was read in the future, by a clock that is far ahead", async () => {
  await publishEarlier({ readStartedAt: "2999-01-01T00:00:00.000Z" });

  await runs.claim({ runId: "mine" });

  expect(storage.readLatest()?.run?.runId).toBe("mine");
});

test("is not held up for long by a lease of a clock that is far ahead", async () => {
  await runs.cutOff({ runId: "dead", leaseUntil: new Date("2999-01-01T00:00:00.000Z") });
  expect(await runs.trySkipped({})).toContain("is under way: dead");

  storage.writtenAt("snapshots/users/latest.json", new Date(Date.now() - 11 * 60_000));
  await runs.claim({ runId: "mine" });

  expect(storage.readLatest()?.run?.runId).toBe("mine");
});

test.each(["no latest.json", "a lease that is over"])("lets one of ten claim at once over %s", async (state) => {
  if (state !== "no latest.json") await runs.cutOff({ leaseUntil: new Date(0) });
  const attempts = Array.from({ length: 10 }, (_, n) => runs.try({ runId: `run ${n}`, scheduledTime: new Date(n) }));

  const claims = await Promise.all(attempts);

  const winners = claims.flatMap((claim, n) => ("lease" in claim ? [`run ${n}`] : []));
  expect(winners).toEqual([storage.readLatest()?.run?.runId]);
});

test.each([
  { trouble: "the answer was lost", fault: { kind: "dropAfter", times: 1 } },
  { trouble: "no try was answered", fault: { kind: "dropAfter", times: 2 } },
  { trouble: "the connection broke before the write", fault: { kind: "dropBefore", times: 1 } },
  { trouble: "another write was under way", fault: { kind: "conflict", times: 2 } },
  { trouble: "S3 was busy", fault: { kind: "slowDown", times: 1 } },
] as const)("claims although $trouble", async ({ fault }) => {
  storage.s3.faults.add({ ...fault, method: "PUT" });

  await runs.claim({ runId: "mine" });

  expect(storage.readLatest()?.run?.runId).toBe("mine");
});

test("does not take a claim for its own that came before its own was written", async () => {
  storage.s3.faults.add({ kind: "delay", method: "PUT", delayMs: 300, times: 1 });
  const late = runs.try({ runId: "late", scheduledTime: noon });
  await runs.claim({ runId: "quick", scheduledTime: midnight });

  const claim = await late;

  expect(claim).toEqual({ skipped: expect.stringContaining("quick") });
  expect(storage.readLatest()?.run?.runId).toBe("quick");
});

async function publishEarlier(options: Partial<Published>): Promise<Published> {
  const time = "2026-01-01T00:00:00.000Z";
  const published = snapshotOf("earlier", { scheduledTime: time, readStartedAt: time, ...options });
  await changeLatest(storage.store, "users", (latest) => (latest.published ? undefined : { ...latest, published }));
  return published;
}
