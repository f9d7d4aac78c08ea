import process from "node:process";
import { DeleteMessageCommand, ReceiveMessageCommand, SendMessageCommand, type SQSClient } from "@aws-sdk/client-sqs";
import type { SQSRecord } from "aws-lambda";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { QueueFunction } from "#functions/facts";
import { createSqsClient, type LocalSqs, startSqs } from "#local/aws/sqs";
import { sendCommand } from "#local/commands/send";
import { type EventSource, startEventSource } from "#local/functions/event-source";
import type { ChangeResult, MemberReport, Result } from "#operations/result";
import { credentials } from "#test/support/credentials";

type Request = { operationId: string };

const salesId = "a872747c-1167-4822-b263-bca1ed45fff6";
let sqs: LocalSqs;
let client: SQSClient;
let consumer: EventSource | undefined;
let stdout: string[] = [];
let stderr: string[] = [];

beforeEach(async () => {
  sqs = await startSqs({ credentials });
  client = createSqsClient({ sqs: sqs.url, ...credentials });
  stdout = [];
  stderr = [];
  vi.spyOn(console, "log").mockImplementation((text) => void stdout.push(String(text)));
  vi.spyOn(console, "error").mockImplementation((text) => void stderr.push(String(text)));
});

afterEach(async () => {
  vi.restoreAllMocks();
  await Promise.all([consumer?.stop(), sqs.stop()]);
  consumer = undefined;
  client.destroy();
});

test("fills in an operationId and the time, and leaves the rest as it is", async () => {
  const records = answer(({ operationId }) => [resultOf({ operationId })]);

  await send('{"group":"Sales","members":["a@b"],"unknown":1}');

  expect(JSON.parse(records[0]?.body ?? "")).toEqual({
    operationId: expect.stringMatching(/^[0-9a-f-]{36}$/),
    requestedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
    group: "Sales",
    members: ["a@b"],
    unknown: 1,
  });
});

test("keeps the caller's own operationId and time, by which the queue knows the message", async () => {
  const records = answer(({ operationId }) => [resultOf({ operationId })]);

  await send('{"operationId":"one","requestedAt":"then"}');

  expect(JSON.parse(records[0]?.body ?? "")).toEqual({ operationId: "one", requestedAt: "then" });
  expect(records[0]?.attributes.MessageDeduplicationId).toBe("one");
});

test("sends changes of one group, however it is spelt, as one message group", async () => {
  const records = answer(({ operationId }) => [resultOf({ operationId })]);

  for (const text of ['{"group":"Sales"}', '{"group":" sALES "}', '{"name":"Sales"}', '{"group":"Other"}']) {
    await send(text);
  }

  const [first, ...others] = records.map(({ attributes }) => attributes.MessageGroupId);
  expect(others.map((group) => group === first)).toEqual([true, true, false]);
});

test("sends audiences without an order, each time anew", async () => {
  const records = answer(({ operationId }) => {
    const { members: _, ...common } = resultOf({ operationId });
    return [{ ...common, action: "expand-audience", audience: null }];
  }, "expand-audience");

  for (const text of ['{"operationId":"one","group":"Sales"}', '{"operationId":"one","group":"Sales"}']) {
    expect(await send(text, { to: "expand-audience" })).toBe(0);
  }

  expect(records.map(({ body }) => JSON.parse(body).operationId)).toEqual(["one", "one"]);
  expect(records.flatMap(({ attributes }) => attributes.MessageGroupId ?? [])).toEqual([]);
});

test("prints a result for people, and answers 0 to success", async () => {
  const candidates = ["kim@contoso.com", null].map((address) => ({ name: "Kim", address, type: "UserMailbox" }));
  answer(({ operationId }) => [
    resultOf({
      operationId,
      outcome: "succeeded",
      userMessage: "Ada is in Sales now.",
      group: { id: salesId, name: "Sales", address: "sales@contoso.com" },
      members: [
        memberOf({ member: "ada@contoso.com", outcome: "added", id: "2" }),
        memberOf({ member: "bob", outcome: "notAllowed", error: { code: "CHANGE_REFUSED", message: "…" } }),
        memberOf({ member: "kim", outcome: "ambiguous", candidates }),
      ],
    }),
  ]);

  const exitCode = await send('{"operationId":"one"}');

  expect(exitCode).toBe(0);
  expect(stdout.join("\n").split("\n")).toEqual([
    "add-group-members: succeeded",
    "  Ada is in Sales now.",
    `  group      Sales, sales@contoso.com, ${salesId}`,
    "  operation  one",
    "",
    "member           outcome",
    "ada@contoso.com  added",
    "bob              notAllowed  CHANGE_REFUSED",
    "kim              ambiguous   kim@contoso.com, Kim",
  ]);
});

test("keeps each name on its line, and shows what would steer the terminal", async () => {
  answer(({ operationId }) => [
    resultOf({
      operationId,
      outcome: "pending",
      final: false,
      userMessage: "Sales\n\u001b[2J is looked into.",
    }),
    resultOf({
      operationId,
      userMessage: "Ada is in Sales\n\u202eelas now.",
      group: { id: salesId, name: "Sales\nadd-group-members: failed", address: null },
      members: [memberOf({ member: "ada\u001b[1A\t\r\n", outcome: "added" })],
    }),
  ]);

  await send('{"operationId":"one"}');

  expect(stderr).toContain("Sales\\n\\u001b[2J is looked into.");
  expect(stdout.join("\n").split("\n")).toEqual([
    "add-group-members: succeeded",
    "  Ada is in Sales\\n\\u202eelas now.",
    `  group      Sales\\nadd-group-members: failed, ${salesId}`,
    "  operation  one",
    "",
    "member            outcome",
    "ada\\u001b[1A\\t\\n  added",
  ]);
});

test.each(["partial", "rejected", "failed"] as const)(
  "answers 1 to the outcome %s, with the raw result alone",
  async (outcome) => {
    const result = resultOf({ operationId: "one", outcome, error: { code: "NAME_IN_USE", message: "Because." } });
    answer(() => [result]);

    const exitCode = await send('{"operationId":"one"}', { json: true });

    expect(exitCode).toBe(1);
    expect(stdout).toEqual([JSON.stringify(result)]);
  },
);

test("takes its own result from the queue and no other's", async () => {
  const others = Array.from({ length: 25 }, (_, number) =>
    JSON.stringify(resultOf({ operationId: `other-${number}`, outcome: "failed" })),
  );
  const noResults = ["no JSON", JSON.stringify({ operationId: "one", final: true, outcome: "failed" })];
  for (const body of [...others, ...noResults]) await report(body);
  answer(({ operationId }) => [resultOf({ operationId })]);

  const exitCode = await send('{"operationId":"one"}');

  expect(exitCode).toBe(0);
  expect((await takeResults()).sort()).toEqual([...others, ...noResults].sort());
});

test("gives two that wait at once a result each", async () => {
  answer(({ operationId }) => [resultOf({ operationId, outcome: operationId === "one" ? "succeeded" : "failed" })]);

  await Promise.all(["one", "two"].map((operationId) => send(JSON.stringify({ operationId, group: operationId }))));

  const shown = stdout.map((text) => text.replaceAll(/\s+/g, " ")).sort();
  expect(shown).toEqual([
    "add-group-members: failed Done. operation two",
    "add-group-members: succeeded Done. operation one",
  ]);
  expect(await takeResults()).toEqual([]);
});

test("shows a notice and goes on waiting for the final result", async () => {
  answer(({ operationId }) => [
    resultOf({ operationId, outcome: "pending", final: false, userMessage: "It is being looked into." }),
    resultOf({ operationId }),
  ]);

  const exitCode = await send('{"operationId":"one"}');

  expect(exitCode).toBe(0);
  expect(stderr).toContain("It is being looked into.");
});

test.each([
  { to: "add-group-members", isKnownForLong: true },
  { to: "expand-audience", isKnownForLong: false },
] as const)(
  "answers 2 when no final result of $to comes in time, and says why that may be",
  async ({ to, isKnownForLong }) => {
    answer(({ operationId }) => [resultOf({ operationId, outcome: "pending", final: false })], to);

    const exitCode = await send('{"operationId":"one"}', { timeout: 1, to });

    expect(exitCode).toBe(2);
    expect(stderr.at(-1)).toContain("No final result of operation one came within 1 s.");
    expect(stderr.at(-1)?.includes("is not delivered again")).toBe(isKnownForLong);
  },
);

test.each(["", "not JSON", "[]", "null", '"text"'])(
  "answers 2 to the message %j, which it does not send",
  async (text) => {
    const exitCode = await send(text);

    expect([exitCode, stdout]).toEqual([2, []]);
    expect(stderr).toHaveLength(1);
  },
);

test("answers 2 when SQS cannot be reached", async () => {
  await sqs.stop();

  expect(await send("{}")).toBe(2);
});

/** A final result of success that says this besides. */
function resultOf(fields: Partial<ChangeResult>): ChangeResult {
  return {
    version: 1,
    operationId: null,
    tenant: null,
    action: "add-group-members",
    final: true,
    dryRun: false,
    outcome: "succeeded",
    error: null,
    userMessage: "Done.",
    group: null,
    members: [],
    candidates: [],
    attempts: 1,
    requestedAt: null,
    requestedBy: null,
    endedAt: "2026-01-31T09:30:02Z",
    ...fields,
  };
}

function memberOf(fields: Pick<MemberReport, "member" | "outcome"> & Partial<MemberReport>): MemberReport {
  return { id: null, name: null, address: null, error: null, candidates: [], ...fields };
}

/** A function that reports what the script says, and notes what it was given. */
function answer(script: (request: Request) => Result[], from: QueueFunction = "add-group-members"): SQSRecord[] {
  const records: SQSRecord[] = [];
  consumer = startEventSource({
    client,
    queueUrl: sqs.queues[from],
    invoke: async ({ Records }) => {
      for (const record of Records) {
        records.push(record);
        for (const result of script(JSON.parse(record.body))) await report(JSON.stringify(result));
      }
    },
  });
  return records;
}

function report(body: string) {
  return client.send(new SendMessageCommand({ QueueUrl: sqs.queues.results, MessageBody: body }));
}

type SendOptions = { json?: boolean; timeout?: number; to?: QueueFunction };

async function send(text: string, { to = "add-group-members", ...options }: SendOptions = {}) {
  const address = { aws: { s3: "", secretsManager: "", sqs: sqs.url, ...credentials }, queues: sqs.queues };
  try {
    await sendCommand(to, text, { json: false, timeout: 10, ...options }, address);
    return process.exitCode;
  } finally {
    process.exitCode = undefined;
  }
}

/** Everything that can be received from the results queue. */
async function takeResults(): Promise<string[]> {
  const { Messages = [] } = await client.send(
    new ReceiveMessageCommand({ QueueUrl: sqs.queues.results, MaxNumberOfMessages: 10 }),
  );
  for (const { ReceiptHandle } of Messages) {
    await client.send(new DeleteMessageCommand({ QueueUrl: sqs.queues.results, ReceiptHandle }));
  }
  return Messages.length === 0 ? [] : [...Messages.map(({ Body = "" }) => Body), ...(await takeResults())];
}
