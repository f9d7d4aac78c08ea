import { randomUUID } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { expect } from "vitest";
import * as z from "zod";
import {
  audienceManifestSchema,
  audienceSchema,
  type ReadSettings,
  usualReadSettings,
} from "#operations/expand-audience/audience";
import { createExpandAudience } from "#operations/expand-audience/expand-audience";
import { handleMessage } from "#operations/handle-message";
import { ledgerDocument } from "#operations/ledger";
import { type Deadline, deadlineIn, remainingMs } from "#runtime/deadline";
import { ExchangeError } from "#runtime/errors";
import { readPages } from "#storage/pages";
import { changeDocument, readDocument } from "#storage/shared-document";
import { createMemoryStore } from "#test/support/memory-store";
import { messageOf } from "#test/support/message-of";
import { readResult } from "#test/support/read-result";
import { type GroupGraph, type ModelObject, referenceOf, rootOf } from "#test/unit/layers/directory/group-graph";
import { createModelDirectory } from "#test/unit/layers/operations/expand-audience/model-directory";

const operationId = "audience";
const ledger = ledgerDocument(operationId);

const passing = new ExchangeError("EXCHANGE_TRANSIENT", "It will pass.");

/** Everything is kept at the end of each group. */
export const eachGroup: ReadSettings = { ...usualReadSettings, checkpointRows: 0, reserveMs: 0, retryPausesMs: [] };

type Receive = {
  receives?: number;
  settings?: ReadSettings;
  timeMs?: number;
  /** Called before each group is read, with how many are read with it. */
  beforeRead?: (read: number, deadline: Deadline) => Promise<void>;
  beforePage?: () => Promise<void>;
  beforeNotice?: () => void;
  dryRun?: boolean;
};

/** One audience, and what comes of its message each time it is received. */
export function openAudience(graph: GroupGraph) {
  const store = createMemoryStore(() => 0.99, 0);
  const request = { operationId, requestedAt: new Date().toISOString(), group: rootOf(graph).id };
  const texts: string[] = [];
  const pausesMs: number[] = [];
  const asked: string[] = [];

  async function receive({ receives = 1, settings = eachGroup, timeMs = 600_000, dryRun, ...hooks }: Receive = {}) {
    const { beforeRead, beforePage, beforeNotice } = hooks;
    const { client } = createModelDirectory(graph, async () => {});
    const deadline = deadlineIn(timeMs);
    let reads = 0;
    const read: typeof client.read = async function* read(cmdlet, parameters, options) {
      if (cmdlet.name === "Get-DistributionGroupMember") {
        asked.push(String((parameters as { Identity: string }).Identity));
        reads += 1;
        await beforeRead?.(reads, deadline);
      }
      yield* client.read(cmdlet, parameters, options);
    };
    const context = {
      client: { ...client, read },
      store: {
        ...store,
        put: async (...call: Parameters<typeof store.put>) => {
          if (call[0].includes("/page-")) await beforePage?.();
          return store.put(...call);
        },
      },
      queues: {
        sendResult: async (text: string) => {
          if (JSON.parse(text).outcome === "pending") beforeNotice?.();
          texts.push(text);
        },
        hide: async (_: unknown, milliseconds: number) => void pausesMs.push(milliseconds),
      },
      tenant: "contoso",
      deadline,
    };
    const message = messageOf(dryRun ? { ...request, dryRun } : request, receives);
    const { batchItemFailures } = await handleMessage(message, createExpandAudience(settings), context);
    return batchItemFailures.length === 0;
  }

  async function readState() {
    const entry = await readDocument(store, ledger);
    return z.object({ audience: audienceSchema }).parse(entry?.work).audience;
  }

  return {
    store,
    /** In the order in which they are read. */
    groups: referenceOf(graph).groups,
    /** Groups that were asked for, by all attempts. */
    asked,
    /** How long the message was hidden, each time. */
    pausesMs,
    results: () => texts.map((text) => readResult(text)),
    receive,
    readState,

    /** Lets nobody wait for an attempt that was frozen, as time does. */
    endLease: () =>
      changeDocument(store, ledger, (entry) => {
        if (!entry?.claim || Date.parse(entry.claim.leaseUntil) === 0) return undefined;
        const claim = { ...entry.claim, leaseUntil: new Date(0).toISOString() };
        return { ...entry, claim, writeId: randomUUID() };
      }),

    /** As if the attempt had died before its result was stored. */
    forgetEnd: () =>
      changeDocument(store, ledger, (entry) =>
        entry?.result ? { ...entry, result: null, writeId: randomUUID() } : undefined,
      ),

    /** What the last result names is there as its hashes say, and holds everybody once. */
    expectWhole: async () => {
      const { audience } = readResult(texts.at(-1) ?? "");
      const corrupt = (key: string, problem: string) => new ExchangeError("STORAGE_CORRUPT", `${key} ${problem}`);
      const { body } = (await store.get(audience?.manifestKey ?? "")) ?? {};
      const { pages } = audienceManifestSchema.parse(JSON.parse(String(body)));
      const ids = await Array.fromAsync(readPages(store, pages, { corrupt }), ({ id }) => id);
      expect(ids.sort()).toEqual([...referenceOf(graph).paths.keys()].sort());
    },
  };
}

/** Expects so many groups in one to be kept in a few hundred bytes each, and an attempt to go on from them. */
export async function expectSmallState(groups: number): Promise<void> {
  const audience = openAudience(wide(groups));
  const settings = { ...usualReadSettings, checkpointRows: groups / 5, retryPausesMs: [] };

  await audience.receive({ settings, beforeRead: failAt(groups * 0.8, passing) });
  const state = await audience.store.get(ledger.key);
  await audience.receive({ settings, receives: 2 });

  expect((state?.body.length ?? 0) / groups).toBeLessThan(500);
  expect(audience.asked.length).toBeLessThan(groups * 1.3);
  expect(audience.results().at(-1)).toMatchObject({
    final: true,
    outcome: "succeeded",
    audience: { groups: groups + 1 },
  });
  await audience.expectWhole();
}

/** Waits until the time is over, before the group is read that is the n-th to be read. */
export function runOutOfTime(n: number) {
  return async (read: number, deadline: Deadline): Promise<void> => {
    if (read !== n) return;
    await delay(remainingMs(deadline) + 2);
    throw new ExchangeError("POWERSHELL_TIMEOUT", "The deadline passed.");
  };
}

/** Meets trouble there. */
export function failAt(n: number, error: ExchangeError) {
  return async (read: number): Promise<void> => {
    if (read === n) throw error;
  };
}

/** So many groups, each in the one before, with a person in each. */
export function chain(length: number): GroupGraph {
  const groups = Array.from({ length }, () => list());
  return graphOf(groups.flatMap((group, place) => fill(group, groups[place + 1])));
}

/** A group with so many groups in it, with a person in each. */
function wide(length: number): GroupGraph {
  const groups = Array.from({ length }, () => list());
  const root = { ...list(), members: groups.map(({ id }) => id) };
  return graphOf([root, ...groups.flatMap((group) => fill(group))]);
}

function fill(group: ModelObject, ...inside: (ModelObject | undefined)[]): ModelObject[] {
  const person = { ...list(), type: "UserMailbox" };
  return [{ ...group, members: [...inside, person].flatMap((each) => each?.id ?? []) }, person];
}

function list(): ModelObject {
  return { id: randomUUID(), type: "MailUniversalDistributionGroup", members: [], isGone: false, badRows: 0 };
}

function graphOf(objects: readonly ModelObject[]): GroupGraph {
  return new Map(objects.map((object) => [object.id, object]));
}
