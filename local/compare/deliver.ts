import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  type Message,
  ReceiveMessageCommand,
  type SQSClient,
} from "@aws-sdk/client-sqs";
import type { SQSEvent } from "aws-lambda";
import * as z from "zod";
import type { QueueFunction } from "#functions/facts";
import { createSqsClient } from "#local/aws/sqs";
import type { EnvironmentAddress } from "#local/environment/environment";
import { toSqsEvent } from "#local/functions/event-source";
import { sendMessage } from "#local/messages/send-message";
import { maxReceiveCount } from "#operations/message";

export type SendOptions = {
  timeLimitMs?: number;
  /** The first receive that the function sees; those before it are lost. */
  firstReceive?: number;
  /** Called after each receive that the function has seen. */
  onReceived?: () => void;
};

type Options = SendOptions & {
  functionName: QueueFunction;
  operationId: string;
  address: EnvironmentAddress;
  /** What came of one receive. */
  invoke: (event: SQSEvent) => Promise<object>;
};

/** What came of a message: its receives in order, and the results that were sent. */
type Delivery = { receives: object[]; results: unknown[] };

const longPollSeconds = 1;
const answerSchema = z.object({ answer: z.object({ batchItemFailures: z.array(z.unknown()) }) });

/**
 * Sends a message and gives it to its function until that is done with it or it has been received as often as it may be.
 * A message that is to come again comes at once, whatever pause the function has asked for.
 */
export async function deliver(request: object, options: Options): Promise<Delivery> {
  const { address, functionName, operationId } = options;
  const client = createSqsClient(address.aws);
  try {
    const queueUrl = address.queues[functionName];
    await sendMessage(client, queueUrl, JSON.stringify({ ...request, operationId }));
    const receives = await receiveAll(client, queueUrl, options);
    return { receives, results: await takeResults(client, address.queues.results) };
  } finally {
    client.destroy();
  }
}

async function receiveAll(client: SQSClient, queueUrl: string, options: Options): Promise<object[]> {
  const { invoke, firstReceive = 1, onReceived = () => {} } = options;
  const receives: object[] = [];
  for (let count = 1; count <= maxReceiveCount; count += 1) {
    const [message] = await receive(client, queueUrl);
    if (message === undefined) break;
    const { ReceiptHandle } = message;
    if (count >= firstReceive) {
      const came = await invoke(toSqsEvent(message, queueUrl));
      receives.push(came);
      onReceived();
      if (isDone(came)) {
        await client.send(new DeleteMessageCommand({ QueueUrl: queueUrl, ReceiptHandle }));
        break;
      }
    }
    await client.send(new ChangeMessageVisibilityCommand({ QueueUrl: queueUrl, ReceiptHandle, VisibilityTimeout: 0 }));
  }
  return receives;
}

function isDone(came: object): boolean {
  const parsed = answerSchema.safeParse(came);
  return parsed.success && parsed.data.answer.batchItemFailures.length === 0;
}

async function takeResults(client: SQSClient, queueUrl: string): Promise<unknown[]> {
  const results: unknown[] = [];
  for (;;) {
    const messages = await receive(client, queueUrl);
    if (messages.length === 0) return results;
    for (const { Body = "", ReceiptHandle } of messages) {
      results.push(JSON.parse(Body));
      await client.send(new DeleteMessageCommand({ QueueUrl: queueUrl, ReceiptHandle }));
    }
  }
}

async function receive(client: SQSClient, queueUrl: string): Promise<Message[]> {
  const { Messages = [] } = await client.send(
    new ReceiveMessageCommand({
      QueueUrl: queueUrl,
      MaxNumberOfMessages: 1,
      WaitTimeSeconds: longPollSeconds,
      MessageSystemAttributeNames: ["All"],
    }),
  );
  return Messages;
}
