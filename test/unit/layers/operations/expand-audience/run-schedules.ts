import { createHash } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { gunzipSync } from "node:zlib";
import fc from "fast-check";
import { expect } from "vitest";
import { createRandom } from "#local/exchange/tenant/random";
import { audienceManifestSchema } from "#operations/expand-audience/audience";
import { createExpandAudience } from "#operations/expand-audience/expand-audience";
import { handleMessage } from "#operations/handle-message";
import { ledgerDocument } from "#operations/ledger";
import { maxReceiveCount } from "#operations/message";
import type { OperationContext } from "#operations/operation-type";
import { deadlineIn } from "#runtime/deadline";
import { errorCodes } from "#runtime/errors";
import type { ObjectStore } from "#storage/object-store";
import type { Page } from "#storage/pages";
import { readDocument } from "#storage/shared-document";
import { createMemoryStore } from "#test/support/memory-store";
import { messageOf } from "#test/support/message-of";
import { createMortalWorker } from "#test/support/mortal-worker";
import { type AnyResult, readResult } from "#test/support/read-result";
import { seed } from "#test/support/seed";
import { simulateTime } from "#test/support/simulated-time";
import { type GroupGraph, groupGraphs, referenceOf, rootOf } from "#test/unit/layers/directory/group-graph";
import { createModelDirectory, meetTrouble } from "#test/unit/layers/operations/expand-audience/model-directory";

const operationId = "audience";

/** Expects so many random schedules each to write everybody once, whole and right. */
export async function runSchedules(schedules: number): Promise<void> {
  simulateTime();
  const from = seed();
  const graphs = fc.sample(groupGraphs, { numRuns: schedules, seed: from });
  const tally: Tally = { failed: 0, takenOver: 0, deadLetters: 0, notices: 0, leftOut: 0 };

  for (const [number, graph] of graphs.entries()) await runSchedule(graph, from * schedules + number, tally);

  console.info(tally);
  for (const count of Object.values(tally)) expect(count).toBeGreaterThan(0);
  expect(tally.failed).toBeLessThan(schedules / 2);
}

type Tally = { failed: number; takenOver: number; deadLetters: number; notices: number; leftOut: number };

async function runSchedule(graph: GroupGraph, seed: number, tally: Tally): Promise<void> {
  let isCalm = false;
  const draw = createRandom(seed).next;
  const random = () => (isCalm ? 0.99 : draw());
  const store = createMemoryStore(random, 0.02);
  const results: string[] = [];
  const include = draw() < 0.3 ? ["UserMailbox" as const] : undefined;
  const request = { operationId, requestedAt: new Date().toISOString(), group: rootOf(graph).id };
  const around = { graph, store, results, random, body: JSON.stringify({ ...request, ...(include && { include }) }) };

  /** Of some, no attempt has the time to read anything. */
  const timeMs = draw() < 0.1 ? 2 : 15;
  const receiveUntilGone = async (): Promise<boolean> => {
    for (let receives = 1; receives <= maxReceiveCount; receives += 1) {
      if (await isDone(around, receives, isCalm ? 5_000 : timeMs)) return true;
      await delay(random() * 8);
    }
    return false;
  };
  const lanes = Array.from({ length: draw() < 0.3 ? 2 : 1 }, receiveUntilGone);
  const isGone = (await Promise.all(lanes)).every(Boolean);
  if (!isGone) expect(results).not.toEqual([]); // somebody has heard of it
  isCalm = true;
  await delay(90); // until frozen workers have come back, leases are over, and writes on their way are made
  expect(await receiveUntilGone()).toBe(true);

  const final = new Set(results.filter((text) => parse(text).final));
  expect(final.size).toBe(1);
  const [text = ""] = final;
  if (parse(text).outcome === "failed") expectNothingDone(parse(text));
  else await expectWhole(parse(text), graph, store, include);
  tally.failed += parse(text).outcome === "failed" ? 1 : 0;
  tally.takenOver += parse(text).attempts > 1 ? 1 : 0;
  tally.deadLetters += isGone ? 0 : 1;
  tally.notices += results.map(parse).filter(({ outcome }) => outcome === "pending").length;
  tally.leftOut += include ? 1 : 0;
}

type Around = { graph: GroupGraph; store: ObjectStore; results: string[]; random: () => number; body: string };

/** One receive of the message, by a worker that may die or freeze at any of its calls; whether it deletes the message. */
async function isDone({ graph, store, results, random, body }: Around, receives: number, timeMs: number) {
  // The last receive begins with a notice; of a process that is killed before, only the dead-letter queue's alarm tells.
  const isLast = receives === maxReceiveCount;
  const diesAtCall = random() < 0.2 ? Math.floor(random() * 40) + 2 : Number.POSITIVE_INFINITY;
  const freezesAtCall = random() < 0.1 ? Math.floor(random() * 40) : -1;
  const { death, survive, calls } = createMortalWorker({ diesAtCall, freezesAtCall });
  const directory = createModelDirectory(graph, async () => {
    await survive();
    await meetTrouble(random);
  });
  const context: OperationContext = {
    client: directory.client,
    store: surviving(store, survive),
    queues: {
      sendResult: async (text) => {
        await survive();
        if (!(isLast && calls() === 1) && random() < 0.03) throw new Error("SQS did not answer.");
        results.push(text);
      },
      hide: survive,
    },
    tenant: "contoso",
    deadline: deadlineIn(timeMs),
    leaseAfterDeadlineMs: 5,
  };
  const finished = await finishedGroups(store);
  const definition = createExpandAudience({
    checkpointRows: Math.floor(random() * 10),
    checkpointMs: 5,
    reserveMs: 2,
    noticeMs: 3,
    retryPausesMs: [1],
  });
  const handled = handleMessage(messageOf(body, receives), definition, context).then(
    ({ batchItemFailures }) => batchItemFailures.length === 0,
    () => false,
  );
  const isDeleted = await Promise.race([handled, death]);

  const { whole } = directory.reads;
  expect(whole).toHaveLength(new Set(whole).size);
  expect(whole.filter((id) => finished.has(id))).toEqual([]);
  return isDeleted;
}

function surviving(store: ObjectStore, survive: () => Promise<void>): ObjectStore {
  const around = async <Value>(call: () => Promise<Value>): Promise<Value> => {
    await survive();
    const value = await call();
    await survive();
    return value;
  };
  return {
    ...store,
    get: (...call) => around(() => store.get(...call)),
    put: (...call) => around(() => store.put(...call)),
    putIf: (...call) => around(() => store.putIf(...call)),
  };
}

/** The groups that nobody has to read again, as far as the ledger can be read now. */
async function finishedGroups(store: ObjectStore): Promise<Set<string>> {
  const entry = await readDocument(store, ledgerDocument(operationId)).catch(() => undefined);
  const { audience } = (entry?.work ?? {}) as {
    audience?: { expansion: { groups: { id: string }[]; readGroups: number } };
  };
  const { groups, readGroups } = audience?.expansion ?? { groups: [], readGroups: 0 };
  return new Set(groups.slice(0, readGroups).map(({ id }) => id));
}

function parse(text: string): AnyResult {
  return readResult(text);
}

/** It ended on the last receive, with trouble that passes, before any group was read for good. */
function expectNothingDone({ error, audience, attempts }: AnyResult): void {
  expect(attempts).toBeGreaterThan(0);
  expect(errorCodes[error?.code ?? "UNEXPECTED"].retryable).toBe(true);
  expect(audience?.groups ?? 0).toBe(0);
}

/** What the result names is there as its hashes say, and is what trying everything finds. */
async function expectWhole(result: AnyResult, graph: GroupGraph, store: ObjectStore, include: string[] | undefined) {
  const { audience } = result;
  const reference = referenceOf(graph);
  const isWhole = reference.unresolved === 0 && reference.unexpanded.length === 0;
  expect(result).toMatchObject({ outcome: isWhole ? "succeeded" : "partial", error: null });
  expect(audience).toMatchObject({ members: reference.paths.size, groups: reference.groups.length, complete: isWhole });

  const manifestBytes = await readVerified(store, audience?.manifestKey ?? "", audience?.manifestSha256 ?? "");
  const manifest = audienceManifestSchema.parse(JSON.parse(manifestBytes.toString()));
  const lines = (await Promise.all(manifest.pages.map((page) => readLines(store, page)))).flat();
  const wanted = [...reference.paths].filter(([id]) => include?.includes(graph.get(id)?.type ?? "") ?? true);
  expect(new Map(lines.map(({ id, path }) => [id, path]))).toEqual(new Map(wanted));
  expect(lines).toHaveLength(wanted.length);
  expect(manifest.totals).toMatchObject({
    members: reference.paths.size,
    rows: lines.length,
    byType: audience?.byType,
  });
  expect(manifest.groups.map(({ id }) => id)).toEqual(reference.groups);
}

async function readLines(store: ObjectStore, { key, sha256, rows, bytes }: Page) {
  const body = await readVerified(store, key, sha256);
  const lines = gunzipSync(body).toString().split("\n").filter(Boolean);
  expect([lines.length, body.length]).toEqual([rows, bytes]);
  return lines.map((line) => JSON.parse(line) as { id: string; path: string[] });
}

async function readVerified(store: ObjectStore, key: string, sha256: string): Promise<Buffer> {
  const { body } = (await store.get(key)) ?? { body: Buffer.alloc(0) };
  expect(createHash("sha256").update(body).digest("hex")).toBe(sha256);
  return body;
}
