import { type QueueFunction, queueFunctions, visibilityPerTimeout } from "#functions/facts";
import { maxReceiveCount } from "#operations/message";

/** Where functions say what came of a message. A standard queue. */
const resultsQueue = "results";

export type QueueKey = QueueFunction | `${QueueFunction}-dlq` | typeof resultsQueue;

/** A queue as CreateQueue takes it. */
export type QueueDefinition = { key: QueueKey; name: string; attributes: Record<string, string> };

export const region = "eu-central-1";
export const accountId = "000000000000";

/** Every queue, a dead-letter queue before the queue that names it. A visibility time-out replaces each function's own. */
export function defineQueues(visibilitySeconds?: number): QueueDefinition[] {
  const functionNames = Object.keys(queueFunctions) as QueueFunction[];
  return [
    ...functionNames.flatMap((name) => {
      const { timeoutSeconds, isFifo } = queueFunctions[name];
      const deadLetters = define(`${name}-dlq`, isFifo, {});
      const queue = define(name, isFifo, {
        VisibilityTimeout: String(visibilitySeconds ?? visibilityPerTimeout * timeoutSeconds),
        RedrivePolicy: JSON.stringify({
          deadLetterTargetArn: `arn:aws:sqs:${region}:${accountId}:${deadLetters.name}`,
          maxReceiveCount,
        }),
      });
      return [deadLetters, queue];
    }),
    define(resultsQueue, false, {}),
  ];
}

/** The name of a FIFO queue, and of no other, ends with ".fifo". */
function define(key: QueueKey, isFifo: boolean, attributes: Record<string, string>): QueueDefinition {
  if (!isFifo) return { key, name: key, attributes };
  return { key, name: `${key}.fifo`, attributes: { FifoQueue: "true", ...attributes } };
}
