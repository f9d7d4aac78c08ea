import { ChangeMessageVisibilityCommand, type SQSClient } from "@aws-sdk/client-sqs";
import type { SQSEvent } from "aws-lambda";
import type { BatchAnswer } from "#operations/message";
import { type ErrorCode, toExchangeError } from "#runtime/errors";

type Show = () => Promise<unknown>;

/** An invocation that failed. Its message is hidden until `comeAgain`, as for the queue's visibility time-out. */
type FunctionFailure = { code: ErrorCode; comeAgain: Show };

/**
 * Gives messages to functions as fast as time may pass: one that is to come again comes at once, and not after the seconds
 * or minutes that the function has asked SQS for.
 */
export function createDelivery(client: SQSClient) {
  const lost = new Map<string, number>();
  const failures: FunctionFailure[] = [];
  const waiting: Show[] = [];
  let isHeldBack = false;

  async function showAll(): Promise<void> {
    await Promise.all(waiting.splice(0).map((show) => show()));
  }

  return {
    failures,
    /** Messages that are to come again, while they are held back. */
    waiting,

    /** Ends the first so many receives of this message before the function sees it, as when Lambda cannot start one. */
    loseReceives: (body: string, count: number) => void lost.set(body, count),

    /** Lets messages that are to come again wait until the function it answers is called. */
    holdBack: () => {
      isHeldBack = true;
      return async () => {
        isHeldBack = false;
        await showAll();
      };
    },

    async deliver(queueUrl: string, event: SQSEvent, invoke: (event: SQSEvent) => Promise<BatchAnswer>) {
      const [record] = event.Records;
      if (!record) throw new Error("An event without a record.");
      const { body, messageId, receiptHandle, attributes } = record;
      const show = () =>
        client.send(
          new ChangeMessageVisibilityCommand({
            QueueUrl: queueUrl,
            ReceiptHandle: receiptHandle,
            VisibilityTimeout: 0,
          }),
        );
      const isLost = Number(attributes.ApproximateReceiveCount) <= (lost.get(body) ?? 0);
      try {
        const answer = isLost ? { batchItemFailures: [{ itemIdentifier: messageId }] } : await invoke(event);
        if (answer.batchItemFailures.length > 0) waiting.push(show);
        if (!isHeldBack) await showAll();
        return answer;
      } catch (error) {
        failures.push({ code: toExchangeError(error).code, comeAgain: show });
        throw error;
      }
    },
  };
}
