import { expect, test } from "vitest";
import type { ExchangeClient } from "#exchange/client";
import { addGroupMembers } from "#operations/add-group-members/add-group-members";
import { createGroup } from "#operations/create-group/create-group";
import { expandAudience } from "#operations/expand-audience/expand-audience";
import { handleMessage } from "#operations/handle-message";
import { maxReceiveCount } from "#operations/message";
import { deadlineIn } from "#runtime/deadline";
import { type ErrorCode, ExchangeError, errorCodes } from "#runtime/errors";
import { createMemoryStore } from "#test/support/memory-store";
import { messageOf } from "#test/support/message-of";
import { readResult } from "#test/support/read-result";
import { sessionErrors } from "#test/support/session-errors";
import { createModelExchange, type ModelExchange } from "#test/unit/layers/operations/model-exchange";

const withoutTrouble = () => 0.99;
const common = { operationId: "one", requestedAt: new Date().toISOString(), requestedBy: "anna@contoso.com" };

const requests = {
  "add-group-members": { skill: addGroupMembers, fields: { group: "crew", members: ["ada"] } },
  "create-group": { skill: createGroup, fields: { name: "project", owners: ["ada"], members: ["ada"] } },
  "expand-audience": { skill: expandAudience, fields: { group: "crew" } },
};
type Action = keyof typeof requests;

const actions = Object.keys(requests) as Action[];

test.each(actions.flatMap((action) => sessionErrors.map((code) => ({ action, code }))))(
  "ends $action that meets $code where that is final, and on the last receive where it may pass",
  async ({ action, code }) => {
    const operation = open(action, failing("read", code));
    const { retryable, userMessage } = errorCodes[code];

    for (let receives = 1; receives < maxReceiveCount && retryable; receives += 1) {
      expect([await operation.receive(receives), operation.finals()]).toEqual([false, []]);
    }
    expect(await operation.receive(retryable ? maxReceiveCount : 1)).toBe(true);

    expect(operation.finals()).toMatchObject([
      { final: true, outcome: "failed", error: { code, message: "Some trouble." }, userMessage },
    ]);
    expect(operation.lists()).toEqual(["crew:"]);
  },
);

test.each(["add-group-members", "create-group"] as const)(
  "ends %s for good on the last receive where Exchange has refused the change each time",
  async (action) => {
    const operation = open(action, failing("write", "THROTTLED"));

    for (let receives = 1; receives < maxReceiveCount; receives += 1) {
      expect([await operation.receive(receives), operation.finals()]).toEqual([false, []]);
    }
    expect(await operation.receive(maxReceiveCount)).toBe(true);

    expect(operation.finals()).toMatchObject([
      { outcome: "failed", error: { code: "THROTTLED" }, attempts: maxReceiveCount },
    ]);
    expect(operation.lists()).toEqual(["crew:"]);
  },
);

test("says of a member with what Exchange has refused it, and ends", async () => {
  const operation = open("add-group-members", failing("write", "EXCHANGE_REFUSED"));

  expect(await operation.receive(1)).toBe(true);

  expect(operation.finals()).toMatchObject([
    { outcome: "failed", error: null, members: [{ outcome: "failed", error: { code: "EXCHANGE_REFUSED" } }] },
  ]);
});

test("ends expand-audience at once where the app may not ask Exchange", async () => {
  const operation = open("expand-audience", failing("read", "COMMAND_NOT_PERMITTED"));

  expect(await operation.receive(1)).toBe(true);

  expect(operation.finals()).toMatchObject([{ outcome: "failed", error: { code: "COMMAND_NOT_PERMITTED" } }]);
});

/** Every call of this kind fails. */
function failing(kind: "read" | "write", code: ErrorCode) {
  const fail = async (): Promise<never> => {
    throw new ExchangeError(code, "Some trouble.");
  };
  // biome-ignore lint/correctness/useYield: it fails before its first row
  const failRows = async function* (): AsyncGenerator<never, void> {
    await fail();
  };
  return ({ client }: ModelExchange): ExchangeClient =>
    kind === "read" ? { ...client, read: failRows } : { ...client, write: fail };
}

/** A message of this action, over a model of Exchange with one list and one person. */
function open(action: Action, clientOf: (exchange: ModelExchange) => ExchangeClient) {
  const exchange = createModelExchange(withoutTrouble);
  exchange.addList("crew");
  exchange.addPerson("ada");
  const texts: string[] = [];
  const { skill, fields } = requests[action];
  const context = {
    client: clientOf(exchange),
    store: createMemoryStore(withoutTrouble, 0),
    queues: { sendResult: async (text: string) => void texts.push(text), hide: async () => {} },
    tenant: "contoso",
    deadline: deadlineIn(600_000),
    readBackPausesMs: [],
  };
  return {
    /** Whether the message is deleted then. */
    receive: async (receives: number) => {
      const message = messageOf({ ...common, ...fields }, receives);
      const { batchItemFailures } = await handleMessage(message, skill as typeof addGroupMembers, context);
      return batchItemFailures.length === 0;
    },
    finals: () => texts.map((text) => readResult(text)).filter(({ final }) => final),
    /** Each list's name and members: what changes, changes these. */
    lists: () =>
      exchange.objects
        .filter(({ type }) => type === "MailUniversalDistributionGroup")
        .map(({ name, members }) => `${name}:${members}`),
  };
}
