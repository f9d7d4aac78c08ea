import { setTimeout } from "node:timers/promises";
import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  type Message,
  type MessageAttributeValue,
  ReceiveMessageCommand,
  type SQSClient,
} from "@aws-sdk/client-sqs";
import type { SQSBatchResponse, SQSEvent, SQSMessageAttribute, SQSRecord } from "aws-lambda";
import { region } from "#local/aws/sqs";

// biome-ignore lint/suspicious/noConfusingVoidType: what a handler that answers nothing is declared to return
export type InvokeWithMessage = (event: SQSEvent) => Promise<Partial<SQSBatchResponse> | void>;

type Options = {
  client: SQSClient;
  queueUrl: string;
  invoke: InvokeWithMessage;
  /** Messages at work at once; two of one message group never are. */
  concurrency?: number;
  /** Each failure of an invocation, and of SQS itself. */
  onError?: (error: unknown) => void;
};

export type EventSource = {
  /** Takes no further message, and waits for those at work. */
  stop(): Promise<void>;
};

/** SQS waits in whole seconds; stopping takes as long, because a receive that is broken off may still take a message. */
const longPollSeconds = 1;
const pauseAfterErrorMs = 500;

/**
 * Gives a queue's messages to a function as Lambda's SQS event source does, with batch size 1 and
 * ReportBatchItemFailures: a message is deleted once the function has returned without naming it. Any other stays hidden
 * for the queue's visibility time-out, or for as long as the function has asked for. A queue that cannot be reached is
 * asked again.
 *
 * @example
 * const source = startEventSource({ client, queueUrl, invoke: (event) => handler(event, context) });
 */
export function startEventSource({ concurrency = 2, ...options }: Options): EventSource {
  const stopping = new AbortController();
  const lanes = Array.from({ length: concurrency }, () => runLane(options, stopping.signal));
  return {
    stop: async () => {
      stopping.abort();
      await Promise.all(lanes);
    },
  };
}

async function runLane(options: Omit<Options, "concurrency">, stopping: AbortSignal): Promise<void> {
  const { onError = () => {} } = options;
  while (!stopping.aborted) {
    try {
      const message = await receive(options);
      if (message && stopping.aborted) await giveBack(message, options);
      else if (message && (await isDone(message, options, onError))) await remove(message, options);
    } catch (error) {
      if (stopping.aborted) return;
      onError(error);
      await pause(stopping);
    }
  }
}

async function receive({ client, queueUrl }: Options): Promise<Message | undefined> {
  const received = await client.send(
    new ReceiveMessageCommand({
      QueueUrl: queueUrl,
      MaxNumberOfMessages: 1,
      WaitTimeSeconds: longPollSeconds,
      MessageSystemAttributeNames: ["All"],
      MessageAttributeNames: ["All"],
    }),
  );
  return received.Messages?.[0];
}

/** Whether the function is done with the message, as far as its answer says. */
async function isDone(message: Message, { queueUrl, invoke }: Options, onError: (error: unknown) => void) {
  try {
    const answer = await invoke(toSqsEvent(message, queueUrl));
    // Naming anything but the one message that there is counts as naming all, as it does for Lambda.
    return (answer?.batchItemFailures ?? []).length === 0;
  } catch (error) {
    onError(error);
    return false;
  }
}

async function remove({ ReceiptHandle }: Message, { client, queueUrl }: Options): Promise<void> {
  await client.send(new DeleteMessageCommand({ QueueUrl: queueUrl, ReceiptHandle }));
}

async function giveBack({ ReceiptHandle }: Message, { client, queueUrl }: Options): Promise<void> {
  await client.send(new ChangeMessageVisibilityCommand({ QueueUrl: queueUrl, ReceiptHandle, VisibilityTimeout: 0 }));
}

async function pause(stopping: AbortSignal): Promise<void> {
  await setTimeout(pauseAfterErrorMs, undefined, { signal: stopping }).catch(() => {});
}

/** The event that Lambda makes of one received message. https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html */
export function toSqsEvent(message: Message, queueUrl: string): SQSEvent {
  const { MessageId = "", ReceiptHandle = "", Body = "", MD5OfBody = "", MD5OfMessageAttributes } = message;
  return {
    Records: [
      {
        messageId: MessageId,
        receiptHandle: ReceiptHandle,
        body: Body,
        attributes: message.Attributes as SQSRecord["attributes"],
        messageAttributes: Object.fromEntries(
          Object.entries(message.MessageAttributes ?? {}).map(([name, value]) => [name, toEventAttribute(value)]),
        ),
        md5OfBody: MD5OfBody,
        ...(MD5OfMessageAttributes === undefined ? {} : { md5OfMessageAttributes: MD5OfMessageAttributes }),
        eventSource: "aws:sqs",
        eventSourceARN: toQueueArn(queueUrl),
        awsRegion: region,
      },
    ],
  };
}

function toEventAttribute({ DataType = "", StringValue, BinaryValue }: MessageAttributeValue): SQSMessageAttribute {
  return {
    ...(StringValue === undefined ? {} : { stringValue: StringValue }),
    ...(BinaryValue === undefined ? {} : { binaryValue: Buffer.from(BinaryValue).toString("base64") }),
    stringListValues: [],
    binaryListValues: [],
    dataType: DataType,
  };
}

function toQueueArn(queueUrl: string): string {
  const [account, name] = new URL(queueUrl).pathname.split("/").slice(1);
  return `arn:aws:sqs:${region}:${account}:${name}`;
}
