import { Duration } from "aws-cdk-lib";
import { Queue, QueueEncryption, type QueueProps } from "aws-cdk-lib/aws-sqs";
import { Construct } from "constructs";
import { nameOf } from "#cdk/naming";

/** What every queue of the gateway is. */
export const securedQueue = {
  encryption: QueueEncryption.SQS_MANAGED,
  enforceSSL: true,
} satisfies QueueProps;

/** The longest that SQS keeps messages: a dead letter's time counts from when it was first sent. */
export const keptDeadLetters = Duration.days(14);
const keptMessages = Duration.days(7);

type Props = {
  tenant: string;
  name: string;
  isFifo: boolean;
  /** After so many receives without a deletion a message is a dead letter. */
  maxReceiveCount: number;
  visibilityTimeout?: Duration;
};

/** A queue and its dead-letter queue, of one kind. */
export class MessageQueue extends Construct {
  readonly queue: Queue;
  readonly deadLetters: Queue;

  constructor(scope: Construct, id: string, { tenant, name, isFifo, maxReceiveCount, visibilityTimeout }: Props) {
    super(scope, id);
    const kind = (part: string) => ({ queueName: nameOf(tenant, isFifo ? `${part}.fifo` : part), ...fifo(isFifo) });
    this.deadLetters = new Queue(this, "DeadLetters", {
      ...securedQueue,
      ...kind(`${name}-dlq`),
      retentionPeriod: keptDeadLetters,
    });
    this.queue = new Queue(this, "Queue", {
      ...securedQueue,
      ...kind(name),
      retentionPeriod: keptMessages,
      ...(visibilityTimeout ? { visibilityTimeout } : {}),
      deadLetterQueue: { queue: this.deadLetters, maxReceiveCount },
    });
  }
}

/** CloudFormation takes no `FifoQueue: false`. */
function fifo(isFifo: boolean): { fifo?: true } {
  return isFifo ? { fifo: true } : {};
}
