import { createHash } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { gunzipSync } from "node:zlib";
import { afterEach, beforeEach, expect, test } from "vitest";
import { toExchangeError } from "#runtime/exchange-error";
import type { SnapshotRow } from "#snapshots/directory";
import { manifestSchema } from "#snapshots/manifest";
import { ClaimFixture } from "#test/layers/snapshots/claim-fixture";
import { ingestInto, row } from "#test/layers/snapshots/ingest-fixture";
import { type Storage, startStorage } from "#test/support/storage";

const shortestMs = 2_500;
const longestMs = 15_000;
const longestLeaseMs = 1_000;
const expectedFailures = ["UNEXPECTED", "RUN_TAKEN_OVER", "RUN_OUTDATED", "STORAGE_UNAVAILABLE", "RUN_IN_PROGRESS"];

let storage: Storage;

beforeEach(async () => {
  storage = await startStorage();
});

afterEach(() => storage.stop());

test("names a whole snapshot at every moment while runs race, die and meet an S3 in trouble", {
  timeout: 40_000,
}, async () => {
  const seed = Date.now() % 100_000;
  console.info(`seed ${seed}`);
  const random = createRandom(seed);
  const startedAt = Date.now();
  addTrouble();
  const ends: string[] = [];
  const isGoingOn = () => {
    const elapsedMs = Date.now() - startedAt;
    return elapsedMs < shortestMs || (elapsedMs < longestMs && !ends.includes("published"));
  };

  const runners = Array.from({ length: 4 }, async () => {
    while (isGoingOn()) {
      ends.push(await runOnce(random, 100 + random() * (longestLeaseMs - 100)));
      await delay(random() * 40);
    }
  });
  await Promise.all([...runners, watchPublished(isGoingOn)]);

  expect(ends).toContain("published");
  expect(ends.filter((end) => !["published", "skipped", "cutOff", ...expectedFailures].includes(end))).toEqual([]);
  storage.s3.faults.clear();
  await delay(longestLeaseMs);
  expect(await runOnce(() => 0.9, 60_000)).toBe("published");
  expect(checkPublished()).not.toBe("");
});

function addTrouble(): void {
  storage.s3.faults.add({ kind: "dropAfter", method: "PUT", every: 7 });
  storage.s3.faults.add({ kind: "dropBefore", every: 11 });
  storage.s3.faults.add({ kind: "conflict", method: "PUT", target: "latest.json", every: 5 });
  storage.s3.faults.add({ kind: "delay", every: 6, delayMs: 60 });
}

/** A run that ends by itself, fails in its read, is slower than its lease, or claims and is cut off. */
async function runOnce(random: () => number, leaseMs: number): Promise<string> {
  const rows = Math.floor(random() * 60);
  const isFailing = random() < 0.15;
  const renewEveryMs = random() < 0.4 ? 60_000 : leaseMs / 4;
  try {
    if (random() < 0.03) {
      await new ClaimFixture(storage.store).try({ leaseMs, renewEveryMs: 60_000 });
      return "cutOff";
    }
    const answer = await ingestInto(storage.store, {
      read: () => readUnevenly(rows, isFailing, random),
      lease: { leaseMs, renewEveryMs },
      pageLimits: { maxRows: 10, maxBytes: 10_000 },
    });
    return answer.status;
  } catch (error) {
    return toExchangeError(error).code;
  }
}

async function* readUnevenly(count: number, isFailing: boolean, random: () => number): AsyncGenerator<SnapshotRow> {
  for (let number = 0; number < count; number += 1) {
    if (random() < 0.1) await delay(random() * 20);
    yield row(number);
  }
  if (isFailing) throw new Error("the read broke");
}

/** Each later snapshot was read later. */
async function watchPublished(isGoingOn: () => boolean): Promise<void> {
  let before = "";
  while (isGoingOn()) {
    const readStartedAt = checkPublished();
    expect(readStartedAt >= before).toBe(true);
    before = readStartedAt;
    await delay(3);
  }
}

/** When the published snapshot was read, every page of it being there as its hash says; "" where none is published. */
function checkPublished(): string {
  const published = storage.readLatest()?.published;
  if (!published) return "";
  const text = storage.read(published.manifestKey);
  expect(sha256(text)).toBe(published.manifestSha256);
  const manifest = manifestSchema.parse(JSON.parse(text.toString("utf8")));
  expect(manifest.runId).toBe(published.runId);
  let rows = 0;
  for (const page of manifest.pages) {
    const body = storage.read(page.key);
    expect(sha256(body)).toBe(page.sha256);
    rows += gunzipSync(body).toString("utf8").split("\n").length - 1;
  }
  expect(rows).toBe(published.rows);
  return published.readStartedAt;
}

function sha256(bytes: Buffer): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/** mulberry32 */
function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
