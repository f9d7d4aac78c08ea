import { setTimeout } from "node:timers/promises";
import {
  ChangeMessageVisibilityBatchCommand,
  DeleteMessageCommand,
  type Message,
  ReceiveMessageCommand,
  type SQSClient,
} from "@aws-sdk/client-sqs";
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
