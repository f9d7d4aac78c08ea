import { expect, test } from "vitest";
import type { ExchangeClient } from "#exchange/client";
import { addGroupMembers } from "#operations/add-group-members/add-group-members";
import { handleMessage } from "#operations/handle-message";
import { deadlineIn } from "#runtime/deadline";
import { ExchangeError } from "#runtime/errors";
import { createMemoryStore } from "#test/support/memory-store";
import { messageOf } from "#test/support/message-of";
import { createModelExchange } from "#test/unit/layers/operations/model-exchange";

const nothingWrong = () => 0.99;

test.each(["THROTTLED", "EXCHANGE_TRANSIENT"] as const)(
  "asks Get-EXORecipient again after %s within one receive, for the module does not",
  async (code) => {
    const exchange = createModelExchange(nothingWrong);
    const [ada, crew] = [exchange.addPerson("ada"), exchange.addList("crew")];
    let asked = 0;
    const client = {
      ...exchange.client,
      read: async function* (cmdlet: { name: string }, ...rest: unknown[]) {
        if (cmdlet.name === "Get-EXORecipient") asked += 1;
        if (cmdlet.name === "Get-EXORecipient" && asked % 2 === 1) throw new ExchangeError(code, "It passes.");
        yield* (exchange.client.read as (...call: unknown[]) => AsyncGenerator<never, void>)(cmdlet, ...rest);
      },
    } as unknown as ExchangeClient;
    const results: string[] = [];
    const common = { operationId: "one", requestedAt: new Date().toISOString(), requestedBy: "anna@contoso.com" };

    await handleMessage(messageOf({ ...common, group: "crew", members: ["ada"] }), addGroupMembers, {
      client,
      store: createMemoryStore(nothingWrong, 0),
      queues: { sendResult: async (text) => void results.push(text), hide: async () => {} },
      tenant: null,
      deadline: deadlineIn(600_000),
      readBackPausesMs: [1, 1],
    });

    expect(results.map((text) => JSON.parse(text))).toMatchObject([{ final: true, outcome: "succeeded", attempts: 1 }]);
    expect(crew.members).toEqual([ada.id]);
  },
);
