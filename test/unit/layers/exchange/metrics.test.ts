import { afterEach, beforeEach, expect, test } from "vitest";
import { createExchangeClient, type ExchangeClient } from "#exchange/client";
import { getUser } from "#exchange/cmdlets/get-user";
import type { SessionManagerOptions } from "#exchange/session/session-manager";
import { deadlineIn } from "#runtime/deadline";
import { failureOf, msalFailure, recordOf } from "#test/support/error-records";
import { allCommands, connected, credential, type Scenario, scriptExchange } from "#test/support/script-exchange";
import { watchMetrics } from "#test/support/watch-metrics";
import { unregistered } from "#test/unit/layers/exchange/rotating-client";

const throttled = failureOf(
  "invoke",
  recordOf("You have reached the maximum number of concurrent requests per tenant. Please wait and try again."),
);

let end = async () => {};

let recorded: ReturnType<typeof watchMetrics>;

beforeEach(() => {
  recorded = watchMetrics();
});

afterEach(() => end());

function startClient(scenarios: Scenario[], options: Partial<SessionManagerOptions> = {}): ExchangeClient {
  const client = createExchangeClient({
    ...scriptExchange(...scenarios),
    environmentName: "O365Default",
    readCredential: async () => credential,
    ...options,
  });
  end = client.close;
  return client;
}

/** Reads, and passes over it where that fails: what was counted is asked for. */
async function read(client: ExchangeClient): Promise<void> {
  const rows = client.read(getUser, { ResultSize: "Unlimited" }, { deadline: deadlineIn(60_000) });
  await Array.fromAsync(rows).catch(() => {});
}

test("counts a session that opens, and how long it took to connect", async () => {
  const client = startClient([{ connect: connected(allCommands, 640) }]);

  await read(client);

  expect(recorded).toEqual([
    ["SessionOpened", 1],
    ["ConnectMs", 640],
  ]);
});

test("counts a session that ended during a call as lost", async () => {
  const client = startClient([{ calls: ["exit"] }, {}]);

  await read(client);
  await read(client);

  expect(timesCounted("SessionLost")).toBe(1);
  expect(timesCounted("SessionOpened")).toBe(2);
});

test("counts a session that is worn out as no loss", async () => {
  const client = startClient([{}], { maxCalls: 1 });

  await read(client);
  await read(client);

  expect(timesCounted("SessionLost")).toBe(0);
  expect(timesCounted("SessionOpened")).toBe(2);
});

test("counts a call whose sign-in is refused", async () => {
  const client = startClient([{ connect: unregistered }]);

  await read(client);

  expect(timesCounted("SignInRefused")).toBe(1);
  expect(timesCounted("SessionOpened")).toBe(0);
});

test.each([
  { trouble: "cannot answer", words: "Service is unavailable to process the request.", throttled: 0 },
  { trouble: "throttles", words: "HttpStatusCode: 429: TooManyRequests", throttled: 1 },
])("counts no refusal where Microsoft Entra ID $trouble", async ({ words, throttled }) => {
  const client = startClient([{ connect: { failed: failureOf("connect", msalFailure(words)) } }]);

  await read(client);

  expect(timesCounted("SignInRefused")).toBe(0);
  expect(timesCounted("Throttled")).toBe(throttled);
});

test("counts a call that Exchange throttles", async () => {
  const client = startClient([{ calls: [{ failed: throttled }] }]);

  await read(client);

  expect(timesCounted("Throttled")).toBe(1);
  expect(timesCounted("SignInRefused")).toBe(0);
});

function timesCounted(name: string): number {
  return recorded.filter(([counted]) => counted === name).length;
}
