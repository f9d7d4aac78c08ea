import { createHash, randomUUID } from "node:crypto";
import { setTimeout } from "node:timers/promises";
import {
  ChangeMessageVisibilityBatchCommand,
  DeleteMessageCommand,
  type Message,
  ReceiveMessageCommand,
  SendMessageCommand,
  type SQSClient,
} from "@aws-sdk/client-sqs";
import { toMessageText } from "#operations/queues";
import { type Result, resultSchema } from "#operations/result";
import { type Deadline, remainingMs } from "#runtime/deadline";

/** A result, and its message's text as it came. */
export type ReceivedResult = { result: Result; text: string };

type Options = {
  client: SQSClient;
  queueUrl: string;
  operationId: unknown;
  deadline: Deadline;
  /** Results of the operation that are not final yet. */
  onNotice: (result: Result) => void;
};

const mostMessages = 10;
const longPollSeconds = 2;
/** Long enough to give messages back in, short enough that others get what a killed process has taken. */
const visibilitySeconds = 10;
const pauseMs = 200;

/**
 * Waits for an operation's final result and takes it, and notices before it, from the queue. Results of others, and what
 * is no result, are given back at once. Undefined where the deadline comes first.
 */
export async function awaitResult(options: Options): Promise<ReceivedResult | undefined> {
  const seen = new Set<string | undefined>();
  while (remainingMs(options.deadline) > 0) {
    const messages = await receive(options);
    const { own = [], others = [] } = Object.groupBy(messages, (message) =>
      isOwn(message, options) ? "own" : "others",
    );
    await giveBack(others, options);
    for (const message of own) await remove(message, options);

    const results = own.flatMap(readResult);
    for (const { result } of results) if (!result.final) options.onNotice(result);
    const last = results.find(({ result }) => result.final);
    if (last) return last;

    const isNothingNew = others.length > 0 && others.every(({ MessageId }) => seen.has(MessageId));
    if (isNothingNew) await setTimeout(pauseMs);
    for (const { MessageId } of others) seen.add(MessageId);
  }
  return undefined;
}

function isOwn(message: Message, { operationId }: Options): boolean {
  return readResult(message).some(({ result }) => result.operationId === operationId);
}

/** None where the message is no result. */
function readResult({ Body = "" }: Message): ReceivedResult[] {
  try {
    return [{ result: resultSchema.parse(JSON.parse(Body)), text: Body }];
  } catch {
    return [];
  }
}

async function receive({ client, queueUrl, deadline }: Options): Promise<Message[]> {
  const { Messages = [] } = await client.send(
    new ReceiveMessageCommand({
      QueueUrl: queueUrl,
      MaxNumberOfMessages: mostMessages,
      WaitTimeSeconds: Math.min(longPollSeconds, Math.ceil(remainingMs(deadline) / 1000)),
      VisibilityTimeout: visibilitySeconds,
    }),
  );
  return Messages;
}

async function giveBack(messages: readonly Message[], { client, queueUrl }: Options): Promise<void> {
  if (messages.length === 0) return;
  const Entries = messages.map(({ ReceiptHandle }, index) => ({
    Id: String(index),
    ReceiptHandle,
    VisibilityTimeout: 0,
  }));
  await client.send(new ChangeMessageVisibilityBatchCommand({ QueueUrl: queueUrl, Entries }));
}

async function remove({ ReceiptHandle }: Message, { client, queueUrl }: Options): Promise<void> {
  await client.send(new DeleteMessageCommand({ QueueUrl: queueUrl, ReceiptHandle }));
}

export type SentMessage = { operationId: unknown; body: string };

/** What SQS takes as a deduplication id. */
const deduplicationId = /^[!-~]{1,128}$/;

/**
 * Sends a request as the bot does, with an operationId and the time where it has none. Everything else is left as it is:
 * the function judges it. Throws where the text is not one JSON object.
 */
export async function sendMessage(client: SQSClient, queueUrl: string, text: string): Promise<SentMessage> {
  const request = { operationId: randomUUID(), requestedAt: new Date().toISOString(), ...parseRequest(text) };
  const { operationId } = request;
  const body = toMessageText(request);
  const order = {
    MessageGroupId: messageGroupOf(request),
    MessageDeduplicationId: deduplicationId.test(String(operationId)) ? String(operationId) : randomUUID(),
  };
  const isFifo = queueUrl.endsWith(".fifo");
  await client.send(new SendMessageCommand({ QueueUrl: queueUrl, MessageBody: body, ...(isFifo ? order : {}) }));
  return { operationId, body };
}

function parseRequest(text: string): Record<string, unknown> {
  const request: unknown = JSON.parse(text);
  if (typeof request !== "object" || request === null || Array.isArray(request)) {
    throw new Error("The message must be a JSON object.");
  }
  return request as Record<string, unknown>;
}

/** Changes of one group, however it is spelt, keep their order. */
function messageGroupOf({ group, name }: Record<string, unknown>): string {
  const named = String(group ?? name ?? "");
  return createHash("sha256").update(named.normalize("NFKC").trim().toLowerCase()).digest("hex");
}
