import { expect, test } from "vitest";
import type { ExchangeClient } from "#exchange/client";
import { addGroupMembers } from "#operations/add-group-members/add-group-members";
import { createGroup } from "#operations/create-group/create-group";
import { handleMessage } from "#operations/handle-message";
import { maxReceiveCount } from "#operations/message";
import { deadlineIn } from "#runtime/deadline";
import { type ErrorCode, ExchangeError } from "#runtime/errors";
import { createMemoryStore } from "#test/support/memory-store";
import { messageOf } from "#test/support/message-of";
import { readResult } from "#test/support/read-result";
import { createModelExchange } from "#test/unit/layers/operations/model-exchange";

const nothingWrong = () => 0.99;

type Cmdlet = { name: string };
type Parameters = { Identity?: string; Filter?: string; Name?: string; Member?: string };

/** What Exchange does otherwise than it should, in the receive under way. */
type Trouble = {
  /** Reads that find nothing, as where a directory lags behind. */
  isUnseen?: (cmdlet: Cmdlet, parameters: Parameters) => boolean;
  /** Writes are carried out, and their answers lost. */
  losesAnswers?: boolean;
  /** Writes are refused so; those about this person alone, where one is named. */
  refusal?: ErrorCode;
  isAbout?: string;
  /** Reads fail once a write was refused. */
  failsLooksAfterWrites?: boolean;
};

/** An operation whose message comes again and again, to an Exchange in a trouble of its own each time. */
function openOperation(skill: typeof addGroupMembers | typeof createGroup, fields: object) {
  const exchange = createModelExchange(nothingWrong);
  const [ada, crew] = [exchange.addPerson("ada"), exchange.addList("crew")];
  let trouble: Trouble = {};
  let hasRefused = false;
  const client = {
    ...exchange.client,
    read: async function* (cmdlet: Cmdlet, parameters: Parameters) {
      if (hasRefused && trouble.failsLooksAfterWrites)
        throw new ExchangeError("EXCHANGE_TRANSIENT", "It is in trouble.");
      if (trouble.isUnseen?.(cmdlet, parameters)) {
        if (parameters.Filter !== undefined) return;
        throw new ExchangeError("OBJECT_NOT_FOUND", "There is no such object.");
      }
      yield* exchange.client.read(cmdlet as never, parameters as never, { deadline: deadlineIn(60_000) });
    },
    write: async (cmdlet: Cmdlet, parameters: Parameters) => {
      const about = exchange.objects.find(({ id }) => id === parameters.Member)?.name;
      if (trouble.refusal && (trouble.isAbout ?? about) === about) {
        hasRefused = true;
        throw new ExchangeError(trouble.refusal, "It is refused.");
      }
      const rows = await exchange.client.write(cmdlet as never, parameters as never, { deadline: deadlineIn(60_000) });
      if (trouble.losesAnswers) throw new ExchangeError("OUTCOME_UNKNOWN", "The answer was lost.");
      return rows;
    },
  } as unknown as ExchangeClient;
  const store = createMemoryStore(nothingWrong, 0);
  const results: string[] = [];
  const common = { operationId: "one", requestedAt: new Date().toISOString(), requestedBy: "anna@contoso.com" };
  const message = { ...common, ...fields };

  return {
    exchange,
    ada,
    crew,
    /** Whether the message comes again, and what was said. */
    async receive(now: Trouble, receives = 1) {
      trouble = now;
      hasRefused = false;
      results.length = 0;
      const { batchItemFailures } = await handleMessage(messageOf(message, receives), skill as typeof addGroupMembers, {
        client,
        store,
        queues: { sendResult: async (text) => void results.push(text), hide: async () => {} },
        tenant: null,
        deadline: deadlineIn(600_000),
        readBackPausesMs: [],
      });
      return {
        comesAgain: batchItemFailures.length > 0,
        said: results.map((text) => readResult(text)),
      };
    },
  };
}

const addition = { group: "crew", members: ["ada"] };

/** Nobody is seen in a group, though they are in it. */
const unseenMember = (_: Cmdlet, { Filter }: Parameters) => Filter !== undefined;

const laterTrouble: [string, Trouble][] = [
  ["a refusal", { isUnseen: unseenMember, refusal: "NOT_GROUP_MANAGER" }],
  ["a right that was withdrawn", { isUnseen: unseenMember, refusal: "COMMAND_NOT_PERMITTED" }],
  ["a refusal for the kind of change", { isUnseen: unseenMember, refusal: "CHANGE_REFUSED" }],
  ["a member that is not found", { isUnseen: ({ name }) => name === "Get-EXORecipient" }],
  ["a list that is not found", { isUnseen: () => true }],
];

test.each(laterTrouble)("settles nothing by %s while an addition may have been made", async (_, trouble) => {
  const { receive, ada, crew } = openOperation(addGroupMembers, addition);

  const first = await receive({ losesAnswers: true, isUnseen: unseenMember });
  const second = await receive(trouble, 2);
  const last = await receive(trouble, maxReceiveCount);
  const redriven = await receive({});

  expect(crew.members).toEqual([ada.id]);
  expect([first, second]).toEqual([1, 2].map(() => ({ comesAgain: true, said: [] })));
  expect(last.comesAgain).toBe(true);
  expect(last.said.map(({ final, outcome }) => [final, outcome])).toEqual(last.said.map(() => [false, "pending"]));
  expect(redriven).toMatchObject({
    comesAgain: false,
    said: [{ final: true, outcome: "succeeded", members: [{ outcome: "added" }] }],
  });
});

test("tells a refusal of the first addition, where a look shows that none was made", async () => {
  const { receive, crew } = openOperation(addGroupMembers, addition);

  const first = await receive({ refusal: "NOT_GROUP_MANAGER" });

  expect(first).toMatchObject({ comesAgain: false, said: [{ final: true, members: [{ outcome: "failed" }] }] });
  expect(crew.members).toEqual([]);
});

test("says of somebody who is named twice that they were added, when only the second look shows them", async () => {
  const { receive, ada, crew } = openOperation(addGroupMembers, { group: "crew", members: ["ada", "ADA"] });

  await receive({ losesAnswers: true, isUnseen: unseenMember });
  const { said } = await receive({}, 2);

  expect(said).toMatchObject([{ final: true, members: [{ outcome: "added" }, { outcome: "added" }] }]);
  expect(crew.members).toEqual([ada.id]);
});

test("tells who was added before the list could no longer be found", async () => {
  const { receive, ada, crew, exchange } = openOperation(addGroupMembers, { group: "crew", members: ["ada", "ben"] });
  exchange.addPerson("ben");

  await receive({ refusal: "THROTTLED", isAbout: "ben" });
  const { said } = await receive({ isUnseen: () => true }, 2);

  expect(said).toMatchObject([
    { final: true, outcome: "partial", members: [{ outcome: "added", id: ada.id }, { outcome: "failed" }] },
  ]);
  expect(crew.members).toEqual([ada.id]);
});

test("tells a refusal also where the first look after it failed", async () => {
  const { receive } = openOperation(addGroupMembers, addition);

  const first = await receive({ refusal: "NOT_GROUP_MANAGER", failsLooksAfterWrites: true });
  const second = await receive({ refusal: "NOT_GROUP_MANAGER" }, 2);

  expect(first).toEqual({ comesAgain: true, said: [] });
  expect(second).toMatchObject({ comesAgain: false, said: [{ final: true, members: [{ outcome: "failed" }] }] });
});

const creation = { name: "project", owners: ["ada"] };

test("does not say that a name is taken by a list that was made meanwhile, when its notes were edited", async () => {
  const { receive, exchange } = openOperation(createGroup, creation);

  await receive({ losesAnswers: true, isUnseen: (_, { Identity }) => Identity === "project" });
  const [made] = exchange.objects.filter(({ name }) => name === "project");
  if (made) made.notes = "for the project";
  const second = await receive({}, 2);
  const last = await receive({}, maxReceiveCount);

  expect(second).toEqual({ comesAgain: true, said: [] });
  expect(last.said.map(({ final, outcome }) => [final, outcome])).toEqual(last.said.map(() => [false, "pending"]));
  expect(exchange.objects.filter(({ name }) => name === "project")).toHaveLength(1);
});

test("settles nothing by a refusal while a list may have been made", async () => {
  const { receive } = openOperation(createGroup, creation);
  const isUnseen = (_: Cmdlet, { Identity }: Parameters) => Identity === "project";

  await receive({ losesAnswers: true, isUnseen });
  const second = await receive({ isUnseen, refusal: "COMMAND_NOT_PERMITTED" }, 2);
  const third = await receive({}, 3);

  expect(second).toEqual({ comesAgain: true, said: [] });
  expect(third).toMatchObject({ comesAgain: false, said: [{ final: true, outcome: "succeeded" }] });
});
