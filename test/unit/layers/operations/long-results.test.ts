import fc from "fast-check";
import { expect, test } from "vitest";
import { longestIdentity } from "#facts/longest-identity";
import { addGroupMembers } from "#operations/add-group-members/add-group-members";
import { createGroup } from "#operations/create-group/create-group";
import { fitResult, longestResultBytes } from "#operations/fit-result";
import { handleMessage } from "#operations/handle-message";
import { operationKey } from "#operations/ledger";
import type { OperationDefinition } from "#operations/operation-type";
import { toMessageText } from "#operations/queues";
import type { ChangeResult } from "#operations/result";
import { deadlineIn } from "#runtime/deadline";
import { createMemoryStore } from "#test/support/memory-store";
import { messageOf } from "#test/support/message-of";
import { type AnyResult, readResult } from "#test/support/read-result";
import { runs } from "#test/support/runs";
import { createModelExchange } from "#test/unit/layers/operations/model-exchange";

/** What a queue takes of a request: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html */
const longestRequestBytes = 1024 * 1024;
const withoutTrouble = () => 0.99;
const common = { requestedAt: new Date().toISOString(), requestedBy: "anna@contoso.com" };

test("adds the others where one entry is longer than any identity, and says so of it alone", async () => {
  const { handle, results, group, person } = openHandler();
  const long = `${"x".repeat(longestIdentity)}@contoso.com`;

  await handle(addGroupMembers, { operationId: "one", ...common, group: group.id, members: [long, person.id] });

  const [result] = results();
  expect(result).toMatchObject({
    final: true,
    outcome: "partial",
    members: [{ outcome: "notFound" }, { outcome: "added" }],
  });
  expect(result?.members[0]?.member).toBe(`${"x".repeat(longestIdentity - 1)}…`);
  expect(result?.userMessage).toContain(`called "${"x".repeat(99)}…".`);
});

test("asks Exchange for no identity that is longer than any", async () => {
  const { handle, results, asked, group } = openHandler();
  const long = "y".repeat(longestIdentity + 1);

  await handle(addGroupMembers, { operationId: "one", ...common, group: long, members: [group.id] });
  await handle(createGroup, { operationId: "two", ...common, name: "free", owners: [long] });

  expect(results()).toMatchObject([
    { operationId: "one", final: true, outcome: "rejected", error: { code: "OBJECT_NOT_FOUND" } },
    { operationId: "two", final: true, outcome: "rejected", error: { code: "OBJECT_NOT_FOUND" } },
  ]);
  expect(asked.filter((identity) => identity.length > longestIdentity)).toEqual([]);
});

test("sends one final result that a queue takes, and stores the whole of it, however long a request is", async () => {
  const text = fc.oneof(
    fc
      .constantFrom("\u0001", "\u202e", "👩", "\uffff", '"', "é", "x")
      .map((part) => part.repeat(longestRequestBytes / 50)),
    fc.constantFrom("\u0001", "👩", "x").map((part) => part.repeat(longestIdentity / part.length)),
    fc.string({ unit: "grapheme", minLength: 1, maxLength: 40 }),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(text, { minLength: 1, maxLength: 50 }), fc.boolean(), async (members, dryRun) => {
      const { handle, results, store, group, texts } = openHandler();
      const request = { operationId: "one", ...common, group: group.id, members, dryRun };
      fc.pre(members.every((member) => member.trim() !== "" && member.isWellFormed()));

      await handle(addGroupMembers, request);

      const [result] = results();
      expect(results()).toHaveLength(1);
      expect(Buffer.byteLength(texts[0] ?? "")).toBeLessThanOrEqual(longestResultBytes);
      expect(result).toMatchObject({ final: true, dryRun });
      const whole = result?.cut ? readWhole(store, result.cut.wholeKey) : result;
      expect(whole?.members).toHaveLength(members.length);
      expect(result?.members).toEqual(whole?.members.slice(0, result?.members.length));
      if (result?.cut?.lists.members) expect(result.cut.lists.members).toBe(members.length);
      else expect(result?.members).toHaveLength(members.length);
      if (!dryRun) expect(readLedger(store, "one").result).toBe(texts[0]);
    }),
    { numRuns: runs(15, 300) },
  );
});

test.each([
  {
    what: "unknown fields",
    body: Object.fromEntries(Array.from({ length: 20_000 }, (_, n) => [`field ${n}\u0001`, n])),
  },
  {
    what: "a name as long as the message",
    body: { requestedBy: "\u0001".repeat(100_000), requestedAt: "9".repeat(100_000) },
  },
])("answers a message with $what by a result that a queue takes", async ({ body }) => {
  const { handle, results, texts } = openHandler();

  await handle(addGroupMembers, { operationId: "one", ...body });

  expect(results()).toMatchObject([{ operationId: "one", final: false, error: { code: "EVENT_INVALID" } }]);
  expect(Buffer.byteLength(texts[0] ?? "")).toBeLessThanOrEqual(longestResultBytes);
});

test("cuts the longest list first, and as little as half of it", () => {
  const entry = { name: "n".repeat(1_000), address: null, type: "UserMailbox" };
  const result = {
    ...emptyResult(),
    candidates: Array(400).fill(entry),
    members: Array(40).fill(memberOf("m".repeat(1_000))),
  };

  const fitted = readResult(fitResult(result, toMessageText, "operations/one.result.json"));

  expect([fitted.candidates.length, fitted.members.length]).toEqual([200, 40]);
  expect(fitted.cut).toEqual({ wholeKey: "operations/one.result.json", lists: { candidates: 400 } });
});

test("shortens sentences where they alone are too long", () => {
  const result = { ...emptyResult(), userMessage: "u".repeat(300_000) };

  const fitted = readResult(fitResult(result, toMessageText, null));

  expect([fitted.userMessage.length, fitted.cut]).toEqual([4_000, { wholeKey: null, lists: {} }]);
});

function emptyResult(): ChangeResult {
  return {
    ...{ version: 1, operationId: "one", tenant: null, action: "add-group-members", final: true, dryRun: false },
    ...{ outcome: "failed", error: null, userMessage: "", group: null, members: [], candidates: [] },
    ...{ attempts: 1, requestedAt: null, requestedBy: null, endedAt: new Date().toISOString() },
  };
}

function memberOf(member: string): AnyResult["members"][number] {
  return { member, outcome: "notFound", id: null, name: null, address: null, error: null, candidates: [] };
}

type Store = ReturnType<typeof createMemoryStore>;

function readWhole(store: Store, key: string | null): AnyResult {
  return readResult(store.read(String(key)).toString());
}

function readLedger(store: Store, operationId: string): { result: string } {
  return JSON.parse(store.read(operationKey(operationId, "json")).toString());
}

/** Skills over a model of Exchange with one list and one person; every text that Exchange is asked for. */
function openHandler() {
  const exchange = createModelExchange(withoutTrouble);
  const store = createMemoryStore(withoutTrouble, 0);
  const [texts, asked]: [string[], string[]] = [[], []];
  const client = {
    ...exchange.client,
    read: (...call: Parameters<typeof exchange.client.read>) => {
      asked.push(String((call[1] as { Identity?: string }).Identity));
      return exchange.client.read(...call);
    },
  } as typeof exchange.client;
  const queues = { sendResult: async (text: string) => void texts.push(text), hide: async () => {} };
  return {
    ...{ store, texts, asked },
    group: exchange.addList("crew"),
    person: exchange.addPerson("ada"),
    results: () => texts.map((text) => readResult(text)),
    handle: (definition: unknown, body: object) =>
      handleMessage(messageOf(body), definition as OperationDefinition<never, never>, {
        ...{ client, store, queues, tenant: "contoso" },
        deadline: deadlineIn(100_000),
      }),
  };
}
