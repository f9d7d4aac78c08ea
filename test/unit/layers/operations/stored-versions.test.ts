import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import type { ExchangeClient } from "#exchange/client";
import { addGroupMembers } from "#operations/add-group-members/add-group-members";
import { handleMessage } from "#operations/handle-message";
import { maxReceiveCount } from "#operations/message";
import { deadlineIn } from "#runtime/deadline";
import { ExchangeError } from "#runtime/errors";
import { readLatest } from "#snapshots/publication";
import { createMemoryStore } from "#test/support/memory-store";
import { messageOf } from "#test/support/message-of";
import { createModelExchange } from "#test/unit/layers/operations/model-exchange";

const nothingWrong = () => 0.99;
const key = `operations/${createHash("sha256").update("one").digest("hex")}.json`;
const runId = "20260131T093000Z-1f2e3d4c";

/** What each version of the gateway has written, as it lies in buckets; the first wrote no version. */
const published = {
  runId,
  manifestKey: `snapshots/users/runs/2026/01/31/${runId}/manifest.json`,
  manifestSha256: "839be85a2a8a6fec3bcdf52ead4cccc537b4011760ddb286ac8d41861905c42c",
  source: "recipients",
  rows: 2000,
  scheduledTime: "2026-01-31T09:30:00.000Z",
  readStartedAt: "2026-01-31T09:30:01.000Z",
  publishedAt: "2026-01-31T09:30:09.000Z",
};

test.each([
  ["without a version", { published, run: null }],
  ["of version 1", { version: 1, published, run: null }],
])("reads a latest.json %s", async (_, document) => {
  const store = createMemoryStore(nothingWrong, 0);
  await store.putIf("snapshots/users/latest.json", JSON.stringify(document), { ifNoneMatch: "*" });

  expect(await readLatest(store, "users")).toEqual({ published, run: null });
});

test.each([
  ["without a version", {}],
  ["of version 1", { version: 1 }],
])("goes on with an operation %s", async (_, version) => {
  const { receive, ada, crew } = await openOperation((state) => ({ ...version, ...state }));

  const { sent } = await receive();

  expect(sent).toMatchObject([{ final: true, outcome: "succeeded" }]);
  expect(crew.members).toEqual([ada.id]);
});

test("refuses a document of a later version and says what to do", async () => {
  const { receive } = await openOperation((state) => ({ version: 2, ...state }));

  await expect(receive()).rejects.toMatchObject({
    code: "STORAGE_CORRUPT",
    message: expect.stringMatching(
      /is of version 2, and this gateway reads version 1\. Deploy the gateway that wrote it/,
    ),
  });
});

test("gives a message back whose operation has a state that cannot be read, and keeps no claim", async () => {
  const { receive, entry, crew } = await openOperation((state) => ({ ...state, work: { invented: "later" } }));

  const first = await receive(1);
  const last = await receive(maxReceiveCount);

  expect(first).toEqual({ comesAgain: true, sent: [] });
  expect(last.comesAgain).toBe(true);
  expect(last.sent.map(({ final, outcome }) => [final, outcome])).toEqual(last.sent.map(() => [false, "pending"]));
  expect(last.sent.at(-1)).toMatchObject({ error: { code: "STORAGE_CORRUPT" } });
  expect(await entry()).toMatchObject({ claim: null, result: null, work: { invented: "later" } });
  expect(crew.members).toEqual([]);
});

/** An operation that another attempt has begun, whose entry is stored as `change` makes it. */
async function openOperation(change: (entry: object) => object) {
  const exchange = createModelExchange(nothingWrong);
  const [ada, crew] = [exchange.addPerson("ada"), exchange.addList("crew")];
  const store = createMemoryStore(nothingWrong, 0);
  const sent: string[] = [];
  const common = { operationId: "one", requestedAt: new Date().toISOString(), requestedBy: "anna@contoso.com" };
  const read = async () => JSON.parse(String((await store.get(key))?.body));

  async function receive(receives = 1, client = exchange.client) {
    sent.length = 0;
    const message = messageOf({ ...common, group: "crew", members: ["ada"] }, receives);
    const { batchItemFailures } = await handleMessage(message, addGroupMembers, {
      client,
      store,
      queues: { sendResult: async (text) => void sent.push(text), hide: async () => {} },
      tenant: null,
      deadline: deadlineIn(600_000),
      readBackPausesMs: [],
    });
    return { comesAgain: batchItemFailures.length > 0, sent: sent.map((text) => JSON.parse(text)) };
  }

  const broken = {
    ...exchange.client,
    // biome-ignore lint/correctness/useYield: Exchange gives nothing
    read: async function* () {
      throw new ExchangeError("EXCHANGE_TRANSIENT", "It is in trouble.");
    },
  } as unknown as ExchangeClient;
  await receive(1, broken);
  const { version: _, ...begun } = await read();
  const etag = (await store.get(key))?.etag ?? "";
  await store.putIf(key, JSON.stringify(change(begun)), { ifMatch: etag });
  return { receive, ada, crew, entry: read };
}
