import {
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  ListQueuesCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  type SQSClient,
} from "@aws-sdk/client-sqs";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type QueueFunction, queueFunctions } from "#functions/facts";
import { createSqsClient, type LocalSqs, type QueueKey, startSqs } from "#local/aws/sqs";
import { credentials } from "#test/support/credentials";

const functionNames = Object.keys(queueFunctions) as QueueFunction[];

let sqs: LocalSqs;
let client: SQSClient;

beforeEach(async () => {
  sqs = await startSqs({ credentials });
  client = createSqsClient({ sqs: sqs.url, ...credentials });
});

afterEach(async () => {
  client.destroy();
  await sqs.stop();
});

test("names plain URLs by function", () => {
  expect(sqs.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  expect(sqs.queues).toEqual({
    "add-group-members": `${sqs.url}/000000000000/add-group-members.fifo`,
    "add-group-members-dlq": `${sqs.url}/000000000000/add-group-members-dlq.fifo`,
    "create-group": `${sqs.url}/000000000000/create-group.fifo`,
    "create-group-dlq": `${sqs.url}/000000000000/create-group-dlq.fifo`,
    "expand-audience": `${sqs.url}/000000000000/expand-audience`,
    "expand-audience-dlq": `${sqs.url}/000000000000/expand-audience-dlq`,
    results: `${sqs.url}/000000000000/results`,
  });
});

test("answers the same URLs to those who ask for a queue by its name", async () => {
  const { QueueUrl } = await client.send(new GetQueueUrlCommand({ QueueName: "create-group.fifo" }));
  const { QueueUrls } = await client.send(new ListQueuesCommand());

  expect(QueueUrl).toBe(sqs.queues["create-group"]);
  expect(QueueUrls?.sort()).toEqual(Object.values(sqs.queues).sort());
});

test.each(functionNames)("hides a message of %s for six of the function's time-outs, five times", async (name) => {
  const attributes = await attributesOf(name);
  const deadLetters = await attributesOf(`${name}-dlq`);

  expect(Number(attributes?.VisibilityTimeout)).toBeGreaterThanOrEqual(6 * queueFunctions[name].timeoutSeconds);
  expect(JSON.parse(attributes?.RedrivePolicy ?? "")).toEqual({
    deadLetterTargetArn: deadLetters?.QueueArn,
    maxReceiveCount: 5,
  });
  const isFifo = queueFunctions[name].isFifo ? "true" : undefined;
  expect([attributes?.FifoQueue, deadLetters?.FifoQueue]).toEqual([isFifo, isFifo]);
});

test("reports results on a standard queue", async () => {
  await client.send(new SendMessageCommand({ QueueUrl: sqs.queues.results, MessageBody: "done" }));

  expect((await receive("results"))?.Body).toBe("done");
  expect((await attributesOf("results"))?.FifoQueue).toBeUndefined();
});

test("takes a message with a known deduplication id for the one before", async () => {
  await send("create-group", { id: "1", group: "a", body: "first" });
  await send("create-group", { id: "1", group: "a", body: "again" });

  const first = await receive("create-group");
  await client.send(
    new DeleteMessageCommand({ QueueUrl: sqs.queues["create-group"], ReceiptHandle: first?.ReceiptHandle }),
  );

  expect(first?.Body).toBe("first");
  expect(await receive("create-group")).toBeUndefined();
});

test("keeps a group's next message back while one is at work, and gives another group's", async () => {
  await send("create-group", { id: "1", group: "a", body: "a1" });
  await send("create-group", { id: "2", group: "a", body: "a2" });
  await send("create-group", { id: "3", group: "b", body: "b1" });

  const received = [await receive("create-group"), await receive("create-group"), await receive("create-group")];

  expect(received.map((message) => message?.Body)).toEqual(["a1", "b1", undefined]);
});

async function attributesOf(key: QueueKey) {
  const command = new GetQueueAttributesCommand({ QueueUrl: sqs.queues[key], AttributeNames: ["All"] });
  return (await client.send(command)).Attributes;
}

function send(key: QueueFunction, { id, group, body }: { id: string; group: string; body: string }) {
  const message = { MessageBody: body, MessageGroupId: group, MessageDeduplicationId: id };
  return client.send(new SendMessageCommand({ QueueUrl: sqs.queues[key], ...message }));
}

async function receive(key: QueueKey) {
  return (await client.send(new ReceiveMessageCommand({ QueueUrl: sqs.queues[key] }))).Messages?.[0];
}
