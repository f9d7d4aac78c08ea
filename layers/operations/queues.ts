import { ChangeMessageVisibilityCommand, GetQueueUrlCommand, SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import type { Message } from "#operations/message";
import { logger } from "#runtime/telemetry";

/** The queues as an attempt needs them. */
export type Queues = {
  sendResult(text: string): Promise<void>;
  /** Hides a message for so long, to come again then. Trouble is logged: it then comes when its usual time is over. */
  hide(message: Message, milliseconds: number): Promise<void>;
};

/** The most that SQS takes is 12 hours; a quarter of one is what an attempt lasts at most. */
const longestSeconds = 900;

/** By where SQS is: one for all invocations, which share its connections and know the queues' URLs. */
const clients = new Map<string | undefined, { sqs: SQSClient; queueUrls: Map<string, string> }>();

function sharedClient() {
  const endpoint = process.env.AWS_ENDPOINT_URL_SQS ?? process.env.AWS_ENDPOINT_URL;
  const client = clients.get(endpoint) ?? { sqs: createClient(), queueUrls: new Map() };
  clients.set(endpoint, client);
  return client;
}

/** A connection may be dead: Lambda freezes an environment between invocations. */
function createClient(): SQSClient {
  return new SQSClient({
    requestHandler: { connectionTimeout: 3_000, requestTimeout: 5_000, throwOnRequestTimeout: true },
  });
}

export function openQueues(resultsQueueUrl: string): Queues {
  const { sqs, queueUrls } = sharedClient();

  async function urlOf(arn: string): Promise<string | undefined> {
    const known = queueUrls.get(arn);
    if (known !== undefined) return known;
    const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName: arn.split(":").at(-1) }));
    if (QueueUrl !== undefined) queueUrls.set(arn, QueueUrl);
    return QueueUrl;
  }

  return {
    async sendResult(text) {
      await sqs.send(new SendMessageCommand({ QueueUrl: resultsQueueUrl, MessageBody: text }));
    },

    async hide({ eventSourceARN, receiptHandle }, milliseconds) {
      const seconds = Math.min(longestSeconds, Math.ceil(milliseconds / 1000));
      try {
        const QueueUrl = await urlOf(eventSourceARN);
        const input = { QueueUrl, ReceiptHandle: receiptHandle, VisibilityTimeout: seconds };
        await sqs.send(new ChangeMessageVisibilityCommand(input));
      } catch (error) {
        logger.warn("Visibility timeout of the message could not be changed", { error: error as Error });
      }
    },
  };
}

/**
 * A message as SQS takes it: what it refuses, and what only some take, is escaped as JSON has it.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html
 */
export function toMessageText(message: object): string {
  return JSON.stringify(message).replaceAll(
    /[\uD800-\uDFFF\uFFFE\uFFFF]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
