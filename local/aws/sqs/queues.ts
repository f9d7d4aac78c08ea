import { maxReceiveCount } from "#operations/message";

/** A function that takes its events from a FIFO queue of its name, which has a dead-letter queue. */
type FunctionQueue = {
  /** The function's own time-out. */
  timeoutSeconds: number;
};

/** The functions that are given messages, and the queue each reads. */
export const functionQueues = {
  "add-group-members": { timeoutSeconds: 300 },
  "create-group": { timeoutSeconds: 300 },
} as const satisfies Record<string, FunctionQueue>;

export type QueueFunction = keyof typeof functionQueues;

/** Where functions say what came of a message. A standard queue. */
const resultsQueue = "results";

export type QueueKey = QueueFunction | `${QueueFunction}-dlq` | typeof resultsQueue;

/** A queue as CreateQueue takes it. */
export type QueueDefinition = { key: QueueKey; name: string; attributes: Record<string, string> };

export const region = "eu-central-1";
export const accountId = "000000000000";

const visibilityPerTimeout = 6;

/** Every queue, a dead-letter queue before the queue that names it. A visibility time-out replaces each function's own. */
export function defineQueues(visibilitySeconds?: number): QueueDefinition[] {
  const functionNames = Object.keys(functionQueues) as QueueFunction[];
  return [
    ...functionNames.flatMap((name) => [
      defineFifo(`${name}-dlq`, {}),
      defineFifo(name, {
        VisibilityTimeout: String(visibilitySeconds ?? visibilityPerTimeout * functionQueues[name].timeoutSeconds),
        RedrivePolicy: JSON.stringify({
          deadLetterTargetArn: `arn:aws:sqs:${region}:${accountId}:${name}-dlq.fifo`,
          maxReceiveCount,
        }),
      }),
    ]),
    { key: resultsQueue, name: resultsQueue, attributes: {} },
  ];
}

function defineFifo(key: QueueKey, attributes: Record<string, string>): QueueDefinition {
  return { key, name: `${key}.fifo`, attributes: { FifoQueue: "true", ...attributes } };
}
