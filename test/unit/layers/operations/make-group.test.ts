import { expect, test } from "vitest";
import { createGroup } from "#operations/create-group/create-group";
import { deadlineIn } from "#runtime/deadline";
import { createMemoryStore } from "#test/support/memory-store";
import { createModelExchange } from "#test/unit/layers/operations/model-exchange";

test.each([
  { type: undefined, sent: {} },
  { type: "distribution" as const, sent: {} },
  { type: "security" as const, sent: { Type: "Security" } },
])("names the type of a group ($type) only where a role for lists alone would not do", async ({ type, sent }) => {
  const exchange = createModelExchange(() => 0.99);
  const written: Record<string, unknown>[] = [];
  const write: typeof exchange.client.write = (cmdlet, parameters, options) => {
    written.push(parameters as Record<string, unknown>);
    return exchange.client.write(cmdlet, parameters, options);
  };
  const request = createGroup.requestSchema.parse({
    operationId: "one",
    requestedAt: new Date().toISOString(),
    requestedBy: "ada@contoso.com",
    name: "project",
    owners: [exchange.addPerson("ada").id],
    ...(type ? { type } : {}),
  });

  const ending = await createGroup.perform(request, {
    client: { ...exchange.client, write },
    store: createMemoryStore(() => 0.99, 0),
    number: 1,
    deadline: deadlineIn(100_000),
    isDryRun: false,
    state: createGroup.begin(request),
    keep: async () => {},
    tell: async () => {},
    readBackPausesMs: [],
  });

  expect(ending.outcome).toBe("succeeded");
  expect(written.map(({ Type }) => (Type === undefined ? {} : { Type }))).toEqual([sent]);
});
