import { expect, onTestFinished, test } from "vitest";
import { createExchangeClient } from "#exchange/client";
import { addGroupMembers } from "#operations/add-group-members/add-group-members";
import { handleMessage } from "#operations/handle-message";
import type { ErrorRecord } from "#powershell/frames";
import { deadlineIn } from "#runtime/deadline";
import { failureOf, msalFailure, recordOfExceptions, refusedSignIn } from "#test/support/error-records";
import { holdTime } from "#test/support/held-time";
import { createMemoryStore } from "#test/support/memory-store";
import { messageOf } from "#test/support/message-of";
import { readResult } from "#test/support/read-result";
import { credential, scriptExchange } from "#test/support/script-exchange";

const request = {
  ...{ operationId: "one", requestedAt: new Date().toISOString(), requestedBy: "anna@contoso.com" },
  ...{ group: "crew@contoso.com", members: ["ada@contoso.com"] },
};

/** What comes of a first receive of "Add to DL" with a session that cannot be opened because of this. */
async function receive(record: ErrorRecord) {
  const passTime = holdTime();
  const exchange = scriptExchange({ connect: { failed: failureOf("connect", record) } });
  const client = createExchangeClient({
    ...exchange,
    environmentName: "O365Default",
    readCredential: async () => credential,
  });
  onTestFinished(() => client.close());
  const texts: string[] = [];
  const handling = handleMessage(messageOf(request, 1), addGroupMembers, {
    client,
    store: createMemoryStore(() => 0.99, 0),
    queues: { sendResult: async (text) => void texts.push(text), hide: async () => {} },
    tenant: "contoso",
    deadline: deadlineIn(30_000),
  });
  await passTime(0, handling);
  const answer = await handling;
  return { answer, results: texts.map((text) => readResult(text)) };
}

test.each([
  ["Microsoft Entra ID cannot answer", msalFailure("Service is unavailable to process the request.")],
  ["Microsoft Entra ID throttles", msalFailure("HttpStatusCode: 429: TooManyRequests")],
  ["Microsoft Entra ID calls its trouble transient", msalFailure("AADSTS90033: A transient error has occurred.")],
  ["a token comes empty", recordOfExceptions(["System.NullReferenceException", "Object reference not set."])],
  ["EXOModuleFile is cut", recordOfExceptions(["Newtonsoft.Json.JsonReaderException", "Unterminated string."])],
])("leaves an operation open, and tells nobody anything, where %s", async (_, record) => {
  const { answer, results } = await receive(record);

  expect(answer.batchItemFailures).toHaveLength(1);
  expect(results).toEqual([]);
});

test.each([
  ["a certificate is not registered", refusedSignIn("AADSTS700027: Not registered."), "CERTIFICATE_NOT_REGISTERED"],
  [
    "the app role is missing",
    recordOfExceptions(["System.UnauthorizedAccessException", "UnAuthorized"]),
    "APP_ROLE_MISSING",
  ],
] as const)("ends an operation at once where %s", async (_, record, code) => {
  const { answer, results } = await receive(record);

  expect(answer.batchItemFailures).toEqual([]);
  expect(results).toMatchObject([{ final: true, outcome: "failed", error: { code } }]);
});
