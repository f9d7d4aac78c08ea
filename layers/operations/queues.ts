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

export function openQueues({ resultsQueueUrl, sqs = new SQSClient({}) }: { resultsQueueUrl: string; sqs?: SQSClient }) {
  return {
    async sendResult(text) {
      await sqs.send(new SendMessageCommand({ QueueUrl: resultsQueueUrl, MessageBody: text }));
    },

    async hide({ eventSourceARN, receiptHandle }, milliseconds) {
      const seconds = Math.min(longestSeconds, Math.ceil(milliseconds / 1000));
      try {
        const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName: eventSourceARN.split(":").at(-1) }));
        await sqs.send(
          new ChangeMessageVisibilityCommand({
            QueueUrl,
            ReceiptHandle: receiptHandle,
            VisibilityTimeout: seconds,
          }),
        );
      } catch (error) {
        logger.warn("Visibility timeout of the message could not be changed", { error: error as Error });
      }
    },
  } satisfies Queues;
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
