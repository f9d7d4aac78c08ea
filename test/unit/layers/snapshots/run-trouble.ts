import { setTimeout as delay } from "node:timers/promises";
import { expect } from "vitest";
import { createRandom } from "#local/exchange/tenant/random";
import { type ErrorCode, toExchangeError } from "#runtime/errors";
import type { Directory } from "#snapshots/directory";
import { type SnapshotKind, snapshotKinds } from "#snapshots/layout";
import type { ObjectStore } from "#storage/object-store";
import { ClaimFixture } from "#test/support/claim-fixture";
import { ingestInto } from "#test/support/ingest-fixture";
import { seed } from "#test/support/seed";
import type { openSnapshots } from "#test/support/storage";
import { expectWholeSnapshot } from "#test/support/whole-snapshot";

const runnersPerKind = 2;
const longestLeaseMs = 400;
const expectedEnds: (ErrorCode | string)[] = [
  "published",
  "skipped",
  "cutOff",
  "RUN_IN_PROGRESS",
  "RUN_TAKEN_OVER",
  "RUN_OUTDATED",
  "STORAGE_UNAVAILABLE",
  "POWERSHELL_EXITED",
  "EXCHANGE_TRANSIENT",
  "SNAPSHOT_INCOMPLETE",
];

/** Where snapshots are made, and of what. */
export type Place = {
  store: ObjectStore;
  snapshots: Pick<ReturnType<typeof openSnapshots>, "read" | "readLatest">;
  /** A directory that gives people, breaks off, refuses, and dies, each now and then. */
  openDirectory(random: () => number): Directory;
  /** Ends the trouble of the storage. */
  calmDown(): void;
};

/** What a directory does when it is asked: it gives so many people, ends, or breaks off after them. */
export type Step = { ends: true } | { ends: false; people: number; delayMs: number; breaksOff: boolean };

export function drawStep(random: () => number): Step {
  const draw = random();
  if (draw < 0.04) return { ends: true };
  const people = random() < 0.5 ? 19 : 16 + Math.floor(random() * 3);
  const delayMs = random() < 0.2 ? random() * 30 : 0;
  return { ends: false, people, delayMs, breaksOff: draw < 0.08 };
}

/**
 * Expects `latest.json` to name a whole snapshot at every moment of so many runs that race, die and meet a storage in
 * trouble, and each later snapshot to be of a later reading.
 */
export async function runTrouble(wantedRuns: number, place: Place): Promise<void> {
  const random = createRandom(seed()).next;
  const outcomes: string[] = [];
  const isGoingOn = () => outcomes.filter((outcome) => outcome !== "skipped").length < wantedRuns;

  const runners = snapshotKinds.flatMap((kind) =>
    Array.from({ length: runnersPerKind }, async () => {
      const directory = place.openDirectory(random);
      while (isGoingOn()) {
        const leaseMs = Math.round(50 + random() * (longestLeaseMs - 50));
        const outcome = await runOnce(place.store, { kind, directory, random, leaseMs });
        outcomes.push(outcome);
        await delay(random() * (outcome === "skipped" ? 300 : 2));
      }
    }),
  );
  await Promise.all([...runners, ...snapshotKinds.map((kind) => watchPublished(place, kind, isGoingOn))]);

  expect(outcomes.filter((outcome) => !expectedEnds.includes(outcome))).toEqual([]);
  expect(new Set(outcomes)).toContain("published");
  place.calmDown();
  for (const kind of snapshotKinds) await publishInCalm(place, kind);
}

type RunOptions = { kind: SnapshotKind; directory: Directory; random: () => number; leaseMs: number };

/** A run that ends by itself, or claims and is cut off. */
async function runOnce(store: ObjectStore, { kind, directory, random, leaseMs }: RunOptions): Promise<string> {
  const renewEveryMs = random() < 0.4 ? 60_000 : Math.round(leaseMs / 4);
  try {
    if (random() < 0.02) {
      await new ClaimFixture(store, kind).try({ leaseMs, renewEveryMs: 60_000 });
      return "cutOff";
    }
    const lease = { leaseMs, renewEveryMs };
    const pageLimits = { maxRows: 10, maxBytes: 10_000 };
    return (await ingestInto(store, { kind, directory, lease, pageLimits })).status;
  } catch (error) {
    const { code, message } = toExchangeError(error);
    return code === "UNEXPECTED" ? message : code;
  }
}

/** As soon as the last lease is over a run publishes. */
async function publishInCalm(place: Place, kind: SnapshotKind): Promise<void> {
  const random = () => 0.9;
  const directory = place.openDirectory(random);
  const publish = () => runOnce(place.store, { kind, directory, random, leaseMs: 60_000 });
  for (let outcome = await publish(); outcome !== "published"; outcome = await publish()) {
    expect(["skipped", "RUN_IN_PROGRESS"]).toContain(outcome);
    await delay(longestLeaseMs / 4);
  }
  expect(expectWholeSnapshot(place.snapshots, kind)).not.toBe("");
}

async function watchPublished(place: Place, kind: SnapshotKind, isGoingOn: () => boolean): Promise<void> {
  let before = "";
  while (isGoingOn()) {
    const readStartedAt = expectWholeSnapshot(place.snapshots, kind);
    expect(readStartedAt >= before).toBe(true);
    before = readStartedAt;
    await delay(25);
  }
}
