import { maxReceiveCount } from "#operations/message";

/** A function that takes its events from a queue of its name, which has a dead-letter queue of its kind. */
type FunctionQueue = {
  /** The function's own time-out. */
  timeoutSeconds: number;
  /** Whether messages of one group keep their order. */
  isFifo: boolean;
};

/** The functions that are given messages, and the queue each reads. */
export const functionQueues = {
  "add-group-members": { timeoutSeconds: 300, isFifo: true },
  "create-group": { timeoutSeconds: 300, isFifo: true },
  "expand-audience": { timeoutSeconds: 900, isFifo: false },
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
    ...functionNames.flatMap((name) => {
      const { timeoutSeconds, isFifo } = functionQueues[name];
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
