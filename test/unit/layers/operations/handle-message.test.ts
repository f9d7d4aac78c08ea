import { expect, onTestFinished, test, vi } from "vitest";
import { addGroupMembers } from "#operations/add-group-members/add-group-members";
import { handleMessage } from "#operations/handle-message";
import type { OperationContext } from "#operations/operation-type";
import { deadlineIn } from "#runtime/deadline";
import { ExchangeError } from "#runtime/errors";
import { logger } from "#runtime/telemetry";
import { createMemoryStore } from "#test/support/memory-store";
import { messageOf } from "#test/support/message-of";
import { readResult } from "#test/support/read-result";
import { watchMetrics } from "#test/support/watch-metrics";
import { createModelExchange } from "#test/unit/layers/operations/model-exchange";

const withoutTrouble = () => 0.99;

test("binds no id to a message it does not understand, so that the right one has the one final result", async () => {
  const { handle, results, group, person } = openHandler();
  const request = { operationId: "one", requestedAt: new Date().toISOString(), requestedBy: "anna@contoso.com" };

  await handle({ operationId: "one", members: "nobody" });
  await handle({ ...request, group: group.id, members: [person.id] });

  expect(results()).toMatchObject([
    { operationId: "one", final: false, outcome: "rejected", error: { code: "EVENT_INVALID" } },
    { operationId: "one", final: true, outcome: "succeeded" },
  ]);
});

test("does not understand a request from the day after tomorrow", async () => {
  const { handle, results, group, person } = openHandler();
  const requestedAt = new Date(Date.now() + 48 * 60 * 60 * 1000).toISOString();

  await handle({
    operationId: "one",
    requestedAt,
    requestedBy: "anna@contoso.com",
    group: group.id,
    members: [person.id],
  });

  expect(results()).toMatchObject([{ final: false, outcome: "rejected", error: { code: "EVENT_INVALID" } }]);
  expect(group.members).toEqual([]);
});

test("tells in a result what belongs to its action, and of which form it is", async () => {
  const { handle, results, group, person } = openHandler();
  const request = { operationId: "one", requestedAt: new Date().toISOString(), requestedBy: "anna@contoso.com" };

  await handle({ ...request, group: group.id, members: [person.id] });

  expect(results()[0]).toMatchObject({ version: 1, action: "add-group-members", members: [{ outcome: "added" }] });
  expect(results()[0]).not.toHaveProperty("audience");
});

test("does not understand a request of a form that it does not know", async () => {
  const { handle, results, group, person } = openHandler();
  const request = { operationId: "one", requestedAt: new Date().toISOString(), requestedBy: "anna@contoso.com" };

  await handle({ ...request, version: 2, group: group.id, members: [person.id] });

  expect(results()).toMatchObject([{ final: false, outcome: "rejected", error: { code: "EVENT_INVALID" } }]);
  expect(results()[0]?.error?.message).toContain("version");
  expect(group.members).toEqual([]);
});

test.each([{ dryRun: false }, { version: 1 }])("takes a request for the same with %s and without", async (usual) => {
  const { handle, results, group, person } = openHandler();
  const request = { operationId: "one", requestedAt: new Date().toISOString(), requestedBy: "anna@contoso.com" };

  await handle({ ...request, group: group.id, members: [person.id] });
  await handle({ ...request, group: group.id, members: [person.id], ...usual });

  const [first, second] = results();
  expect(first).toMatchObject({ final: true, outcome: "succeeded" });
  expect(second).toEqual(first);
});

test("says of a message it does not understand that it is not the end of the operation of that id", async () => {
  const { handle, results, group, person } = openHandler();
  const request = { operationId: "one", requestedAt: new Date().toISOString(), requestedBy: "anna@contoso.com" };

  await handle({ ...request, group: group.id, members: [person.id] });
  await handle({ operationId: "one", members: "nobody" });

  expect(results()).toMatchObject([
    { operationId: "one", final: true, outcome: "succeeded" },
    { operationId: "one", final: false, outcome: "rejected", error: { code: "EVENT_INVALID" } },
  ]);
});

test.each([
  { receiveCount: 4, counted: [] },
  { receiveCount: 5, counted: [["OperationUnsettled", 1]] },
])("counts an operation that is unsettled at receive $receiveCount as $counted", async ({ receiveCount, counted }) => {
  const metrics = watchMetrics();
  const { handle, group, person } = openHandler({ ...addGroupMembers, isUnsettled: () => true, perform: loseAnswer });
  const request = { operationId: "one", requestedAt: new Date().toISOString(), requestedBy: "anna@contoso.com" };

  await handle({ ...request, group: group.id, members: [person.id] }, receiveCount);

  expect(metrics).toEqual(counted);
});

test.each([
  { code: "COMMAND_NOT_PERMITTED", counted: [["ServiceTrouble", 1]] },
  { code: "OUTSIDE_WRITE_SCOPE", counted: [["ServiceTrouble", 1]] },
  { code: "MASTERED_ON_PREMISES", counted: [] },
] as const)("counts what ends with $code as $counted, and logs what is ours", async ({ code, counted }) => {
  const metrics = watchMetrics();
  const logged = vi.spyOn(logger, "error").mockReturnValue();
  onTestFinished(() => logged.mockRestore());
  const perform = () => Promise.reject(new ExchangeError(code, "Scripted."));
  const { handle, results, group, person } = openHandler({ ...addGroupMembers, perform });
  const request = { operationId: "one", requestedAt: new Date().toISOString(), requestedBy: "anna@contoso.com" };

  await handle({ ...request, group: group.id, members: [person.id] });

  expect(results()).toMatchObject([{ final: true, error: { code } }]);
  expect(metrics).toEqual(counted);
  expect(logged.mock.calls.map(([, more]) => more)).toMatchObject(counted.map(() => ({ codes: [code] })));
});

async function loseAnswer(): Promise<never> {
  throw new ExchangeError("OUTCOME_UNKNOWN", "The answer was lost.");
}

/** "Add to DL" over a model of Exchange with one list and one person. */
function openHandler(definition = addGroupMembers) {
  const exchange = createModelExchange(withoutTrouble);
  const texts: string[] = [];
  const context: OperationContext = {
    client: exchange.client,
    store: createMemoryStore(withoutTrouble, 0),
    queues: { sendResult: async (text) => void texts.push(text), hide: async () => {} },
    tenant: "contoso",
    deadline: deadlineIn(100_000),
  };
  return {
    group: exchange.addList("crew"),
    person: exchange.addPerson("ada"),
    results: () => texts.map((text) => readResult(text)),
    handle: (body: object, receiveCount = 1) => handleMessage(messageOf(body, receiveCount), definition, context),
  };
}
