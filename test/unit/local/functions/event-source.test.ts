import { setTimeout } from "node:timers/promises";
import {
  ChangeMessageVisibilityCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  type SQSClient,
} from "@aws-sdk/client-sqs";
import type { SQSEvent, SQSRecord } from "aws-lambda";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createSqsClient, type LocalSqs, startSqs } from "#local/aws/sqs";
import { type EventSource, type InvokeWithMessage, startEventSource } from "#local/functions/event-source";
import { credentials } from "#test/support/credentials";
import { eventually } from "#test/support/eventually";

let sqs: LocalSqs;
let client: SQSClient;
let queueUrl: string;
let source: EventSource | undefined;

beforeEach(async () => {
  sqs = await startSqs({ credentials, visibilitySeconds: 600 });
  client = createSqsClient({ sqs: sqs.url, ...credentials });
  queueUrl = sqs.queues["add-group-members"];
});

afterEach(async () => {
  await Promise.all([source?.stop(), sqs.stop()]);
  source = undefined;
  client.destroy();
});

test("invokes the function with the event that Lambda makes of a message", async () => {
  const events: SQSEvent[] = [];
  start(async (event) => void events.push(event));

  const { MessageId, MD5OfMessageBody, SequenceNumber } = await send("a", '{"name":"Ünïcode"}', {
    reason: { DataType: "String", StringValue: "test" },
    bytes: { DataType: "Binary", BinaryValue: Uint8Array.of(0, 255) },
  });
  await eventually(() => expect(events).toHaveLength(1));

  const milliseconds = expect.stringMatching(/^\d{13}$/);
  expect(events[0]).toEqual({
    Records: [
      {
        messageId: MessageId,
        receiptHandle: expect.stringMatching(/./),
        body: '{"name":"Ünïcode"}',
        attributes: {
          ApproximateReceiveCount: "1",
          SentTimestamp: milliseconds,
          ApproximateFirstReceiveTimestamp: milliseconds,
          SenderId: "000000000000",
          MessageGroupId: "a",
          MessageDeduplicationId: '{"name":"Ünïcode"}',
          SequenceNumber,
        },
        messageAttributes: {
          reason: { stringValue: "test", stringListValues: [], binaryListValues: [], dataType: "String" },
          bytes: { binaryValue: "AP8=", stringListValues: [], binaryListValues: [], dataType: "Binary" },
        },
        md5OfBody: MD5OfMessageBody,
        md5OfMessageAttributes: expect.stringMatching(/^[0-9a-f]{32}$/),
        eventSource: "aws:sqs",
        eventSourceARN: "arn:aws:sqs:eu-central-1:000000000000:add-group-members.fifo",
        awsRegion: "eu-central-1",
      },
    ],
  });
});

test.each([
  ["nothing", undefined],
  ["an empty list of failures", { batchItemFailures: [] }],
])("deletes a message once the function has returned %s", async (_, answer) => {
  const bodies = startScripted(async () => answer);

  await send("a", "1");
  await eventually(() => expect(bodies).toEqual(["1"]));

  await eventually(async () => expect(await countMessages()).toEqual([0, 0]));
});

test.each<[string, (record: SQSRecord) => ReturnType<InvokeWithMessage>]>([
  ["throws", () => Promise.reject(new Error("scripted"))],
  ["names it as failed", async ({ messageId }) => ({ batchItemFailures: [{ itemIdentifier: messageId }] })],
  ["names a message that it was not given", async () => ({ batchItemFailures: [{ itemIdentifier: "other" }] })],
])("delivers a message again, with its count, when the function %s", async (_, fail) => {
  const received: SQSRecord[] = [];
  start(async ({ Records: [record] }) => {
    if (!record) throw new Error("An event without a record.");
    received.push(record);
    return received.length === 1 ? fail(record) : undefined;
  });
  const counts = () => received.map(({ attributes }) => attributes.ApproximateReceiveCount);

  await send("a", "1");
  await eventually(() => expect(counts()).toEqual(["1"]));
  expect(await countMessages()).toEqual([0, 1]);
  for (const record of received) await showAgain(record);

  await eventually(() => expect(counts()).toEqual(["1", "2"]));
  await eventually(async () => expect(await countMessages()).toEqual([0, 0]));
});

test("keeps the order of each group while groups go on beside each other", async () => {
  let atWork = 0;
  let most = 0;
  const areBothAtWork = Promise.withResolvers<void>();
  const bodies = startScripted(async () => {
    most = Math.max(most, ++atWork);
    if (atWork === 2) areBothAtWork.resolve();
    await areBothAtWork.promise;
    atWork -= 1;
  });
  const sent = ["a1", "b1", "a2", "b2", "a3", "b3", "a4", "b4", "c1"];

  for (const body of sent) await send(body.slice(0, 1), body);
  await eventually(() => expect(bodies).toHaveLength(sent.length));

  const ofGroup = (group: string) => bodies.filter((body) => body.startsWith(group));
  expect([ofGroup("a"), ofGroup("b")]).toEqual([
    ["a1", "a2", "a3", "a4"],
    ["b1", "b2", "b3", "b4"],
  ]);
  expect(most).toBe(2);
});

test("gives a group's next message only when the one before is done", async () => {
  const first = Promise.withResolvers<void>();
  const bodies = startScripted((body) => (body === "a1" ? first.promise : Promise.resolve()));

  for (const body of ["a1", "a2", "b1"]) await send(body.slice(0, 1), body);
  await eventually(() => expect(bodies).toEqual(["a1", "b1"]));
  await setTimeout(100);
  expect(bodies).toEqual(["a1", "b1"]);
  first.resolve();

  await eventually(() => expect(bodies).toEqual(["a1", "b1", "a2"]));
});

test("goes on with other groups beside a poison message, which ends as a dead letter after five receives", async () => {
  const bodies = startScripted(async (body, record) => {
    if (body !== "poison") return;
    await showAgain(record);
    throw new Error("scripted");
  });

  await send("a", "poison");
  for (const body of ["b1", "b2", "c1"]) await send(body.slice(0, 1), body);
  await eventually(async () => expect(await countMessages(sqs.queues["add-group-members-dlq"])).toEqual([1, 0]));
  await send("a", "a2");
  await eventually(() => expect(bodies).toContain("a2"));

  expect(bodies.filter((body) => body === "poison")).toHaveLength(5);
  expect(bodies.filter((body) => body !== "poison")).toEqual(["b1", "b2", "c1", "a2"]);
  const deadLetter = await client.send(new ReceiveMessageCommand({ QueueUrl: sqs.queues["add-group-members-dlq"] }));
  expect(deadLetter.Messages?.map(({ Body }) => Body)).toEqual(["poison"]);
});

test("says how an invocation failed", async () => {
  const errors: unknown[] = [];
  const failure = new Error("scripted");
  start(
    () => Promise.reject(failure),
    (error) => errors.push(error),
  );

  await send("a", "1");

  await eventually(() => expect(errors).toEqual([failure]));
});

test("finishes the message at work when it is stopped, and takes no other", async () => {
  const first = Promise.withResolvers<void>();
  const bodies = startScripted(() => first.promise);
  await send("a", "a1");
  await send("a", "a2");
  await eventually(() => expect(bodies).toEqual(["a1"]));

  const stopped = source?.stop();
  first.resolve();
  await stopped;

  expect(bodies).toEqual(["a1"]);
  expect(await countMessages()).toEqual([1, 0]);
});

function start(invoke: InvokeWithMessage, onError: (error: unknown) => void = () => {}): void {
  source = startEventSource({ client, queueUrl, invoke, onError });
}

/** Notes each message's body as it comes, then does what the script says. */
function startScripted(script: (body: string, record: SQSRecord) => ReturnType<InvokeWithMessage>): string[] {
  const bodies: string[] = [];
  start(async ({ Records: [record] }) => {
    if (!record) throw new Error("An event without a record.");
    bodies.push(record.body);
    return script(record.body, record);
  });
  return bodies;
}

function send(
  group: string,
  body: string,
  attributes: Record<string, { DataType: string; StringValue?: string; BinaryValue?: Uint8Array }> = {},
) {
  const message = { MessageBody: body, MessageGroupId: group, MessageDeduplicationId: body };
  return client.send(new SendMessageCommand({ QueueUrl: queueUrl, ...message, MessageAttributes: attributes }));
}

function showAgain({ receiptHandle }: SQSRecord) {
  const command = { QueueUrl: queueUrl, ReceiptHandle: receiptHandle, VisibilityTimeout: 0 };
  return client.send(new ChangeMessageVisibilityCommand(command));
}

/** Of a queue: the messages that can be received, and those that are hidden. */
async function countMessages(url = queueUrl): Promise<number[]> {
  const AttributeNames = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"] as const;
  const command = new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: [...AttributeNames] });
  const { Attributes } = await client.send(command);
  return AttributeNames.map((name) => Number(Attributes?.[name]));
}
