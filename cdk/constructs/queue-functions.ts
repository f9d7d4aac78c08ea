import { Duration } from "aws-cdk-lib";
import { SqsEventSource } from "aws-cdk-lib/aws-lambda-event-sources";
import { Construct } from "constructs";
import { type FunctionEnvironment, GatewayFunction } from "#cdk/constructs/gateway-function";
import { MessageQueue } from "#cdk/constructs/message-queue";
import { mapNames } from "#cdk/map-names";
import { type QueueFunction, queueFunctions, visibilityPerTimeout } from "#functions/facts";
import { maxReceiveCount } from "#operations/message";

/** Somebody else takes the results: one that they cannot read shall not come for ever. */
const resultReceives = 10;

/** The functions that are given messages, each with its queue, and the queue that they say in what came of them. */
export class QueueFunctions extends Construct {
  readonly queues: Record<QueueFunction | "results", MessageQueue>;
  readonly functions: Record<QueueFunction, GatewayFunction>;

  constructor(scope: Construct, id: string, props: FunctionEnvironment) {
    super(scope, id);
    const tenant = props.settings.name;
    const results = { tenant, name: "results", isFifo: false, maxReceiveCount: resultReceives };
    this.queues = {
      ...mapNames(queueFunctions, (name) => this.#addQueue(name, tenant)),
      results: new MessageQueue(this, "results", results),
    };
    this.functions = mapNames(queueFunctions, (name) => this.#addFunction(name, props));
  }

  #addQueue(name: QueueFunction, tenant: string): MessageQueue {
    const { isFifo, timeoutSeconds } = queueFunctions[name];
    const visibilityTimeout = Duration.seconds(visibilityPerTimeout * timeoutSeconds);
    return new MessageQueue(this, `${name}-messages`, { tenant, name, isFifo, maxReceiveCount, visibilityTimeout });
  }

  #addFunction(name: QueueFunction, props: FunctionEnvironment): GatewayFunction {
    const facts = queueFunctions[name];
    const { queue: results } = this.queues.results;
    const environment = { GATEWAY_RESULTS_QUEUE: results.queueUrl };
    const added = new GatewayFunction(this, name, { ...props, name, facts, environment });
    results.grantSendMessages(added.lambda);
    const { maxConcurrency } = facts;
    const reading = { batchSize: 1, reportBatchItemFailures: true, maxConcurrency };
    added.lambda.addEventSource(new SqsEventSource(this.queues[name].queue, reading));
    return added;
  }
}
