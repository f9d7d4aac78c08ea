import { setTimeout as delay } from "node:timers/promises";
import { afterEach, beforeEach, expect, test } from "vitest";
import { listUsers } from "#directory/users";
import { createExchangeClient, type ExchangeClient } from "#exchange/client";
import { createRandom } from "#local/exchange/tenant/random";
import type { Row } from "#powershell/frames";
import type { ErrorCode } from "#runtime/error-codes";
import { toExchangeError } from "#runtime/exchange-error";
import { type SnapshotKind, snapshotKinds } from "#snapshots/layout";
import { type CallStep, credential, type Scenario, scriptExchange } from "#test/engine/layers/exchange/script-exchange";
import { ClaimFixture } from "#test/support/claim-fixture";
import { ingestInto } from "#test/support/ingest-fixture";
import { type Storage, startStorage } from "#test/support/storage";
import { expectWholeSnapshot } from "#test/support/whole-snapshot";

const wantedRuns = 500;
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

let storage: Storage;
const ends: (() => unknown)[] = [];

beforeEach(async () => {
  storage = await startStorage();
});

afterEach(async () => {
  for (const end of ends.splice(0).toReversed()) await end();
  await storage.stop();
});

test("names a whole snapshot at every moment of 500 runs that race, die and meet an S3 in trouble", {
  timeout: 180_000,
}, async () => {
  const seed = Date.now() % 100_000;
  console.info(`seed ${seed}`);
  const random = createRandom(seed).next;
  addTrouble();
  const outcomes: string[] = [];
  const isGoingOn = () => outcomes.filter((outcome) => outcome !== "skipped").length < wantedRuns;

  const runners = snapshotKinds.flatMap((kind) =>
    Array.from({ length: runnersPerKind }, async () => {
      const client = openClient(random);
      while (isGoingOn()) {
        const outcome = await runOnce(kind, client, random, Math.round(50 + random() * (longestLeaseMs - 50)));
        outcomes.push(outcome);
        await delay(random() * (outcome === "skipped" ? 300 : 2));
      }
    }),
  );
  await Promise.all([...runners, ...snapshotKinds.map((kind) => watchPublished(kind, isGoingOn))]);

  expect(outcomes.filter((outcome) => !expectedEnds.includes(outcome))).toEqual([]);
  expect(outcomes.filter((outcome) => outcome === "published").length).toBeGreaterThan(wantedRuns / 20);
  storage.s3.faults.clear();
  await delay(longestLeaseMs);
  for (const kind of snapshotKinds) {
    expect(
      await runOnce(
        kind,
        openClient(() => 0.9),
        () => 0.9,
        60_000,
      ),
    ).toBe("published");
    expect(expectWholeSnapshot(storage, kind)).not.toBe("");
  }
});

function addTrouble(): void {
  storage.s3.faults.add({ kind: "dropAfter", method: "PUT", every: 31 });
  storage.s3.faults.add({ kind: "dropBefore", every: 41 });
  storage.s3.faults.add({ kind: "slowDown", every: 53 });
  storage.s3.faults.add({ kind: "conflict", method: "PUT", target: "latest.json", every: 7 });
  storage.s3.faults.add({ kind: "delay", every: 23, delayMs: 15 });
}

/** A client whose worker gives people, breaks off, refuses, and dies, each now and then. */
function openClient(random: () => number): ExchangeClient {
  const starts = Array.from(
    { length: 80 },
    (): Scenario => ({ calls: [...Array.from({ length: 8 }, () => drawStep(random)), "exit"] }),
  );
  const exchange = scriptExchange(...starts);
  const client = createExchangeClient({
    ...exchange,
    environmentName: "O365Default",
    readCredential: async () => credential,
  });
  ends.push(exchange.remove, () => client.close());
  return client;
}

function drawStep(random: () => number): CallStep {
  const draw = random();
  if (draw < 0.04) return "exit";
  const rows = [people(random() < 0.5 ? 19 : 16 + Math.floor(random() * 3))];
  const delayMs = random() < 0.2 ? random() * 30 : 0;
  if (draw > 0.08) return { rows, delayMs };
  const message = "Conversion from JSON failed with error: it broke off.";
  const record = {
    exceptions: [{ type: "System.Exception", message, hresult: 0 }],
    errorId: "",
    category: "",
    reason: "",
  };
  return { rows, failed: { stage: "invoke", errors: [record] } };
}

function people(count: number): Row[] {
  return Array.from({ length: count }, (_, number) => ({
    ExchangeObjectId: `00000000-0000-4000-8000-${String(number).padStart(12, "0")}`,
    RecipientTypeDetails: "UserMailbox",
    Name: `Person ${number}`,
  }));
}

/** A run that ends by itself, or claims and is cut off. */
async function runOnce(
  kind: SnapshotKind,
  client: ExchangeClient,
  random: () => number,
  leaseMs: number,
): Promise<string> {
  const renewEveryMs = random() < 0.4 ? 60_000 : Math.round(leaseMs / 4);
  try {
    if (random() < 0.02) {
      await new ClaimFixture(storage.store, kind).try({ leaseMs, renewEveryMs: 60_000 });
      return "cutOff";
    }
    const answer = await ingestInto(storage.store, {
      kind,
      directory: listUsers(client, { source: "recipients", include: [] }),
      lease: { leaseMs, renewEveryMs },
      pageLimits: { maxRows: 10, maxBytes: 10_000 },
    });
    return answer.status;
  } catch (error) {
    const { code, message } = toExchangeError(error);
    return code === "UNEXPECTED" ? message : code;
  }
}

/** Each later snapshot was read later. */
async function watchPublished(kind: SnapshotKind, isGoingOn: () => boolean): Promise<void> {
  let before = "";
  while (isGoingOn()) {
    const readStartedAt = expectWholeSnapshot(storage, kind);
    expect(readStartedAt >= before).toBe(true);
    before = readStartedAt;
    await delay(100);
  }
}
