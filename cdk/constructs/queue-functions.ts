import { Duration } from "aws-cdk-lib";
import { SqsEventSource } from "aws-cdk-lib/aws-lambda-event-sources";
import { Construct } from "constructs";
import { type FunctionSurroundings, GatewayFunction } from "#cdk/constructs/gateway-function";
import { MessageQueue } from "#cdk/constructs/message-queue";
import { type QueueFunction, queueFunctions } from "#cdk/gateway-functions";
import { maxReceiveCount } from "#operations/message";

/** https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html: so that a message is not received anew while it is at work. */
const visibilityPerTimeout = 6;

/** Somebody else takes the results: one that they cannot read shall not come for ever. */
const resultReceives = 10;

export type FunctionWithQueue = { gatewayFunction: GatewayFunction; messages: MessageQueue };

/** The functions that are given messages, each with its queue, and the queue that they say in what came of them. */
export class QueueFunctions extends Construct {
  readonly results: MessageQueue;
  readonly functions: Record<QueueFunction, FunctionWithQueue>;

  constructor(scope: Construct, id: string, props: FunctionSurroundings) {
    super(scope, id);
    this.results = new MessageQueue(this, "results", {
      tenant: props.tenant.name,
      name: "results",
      isFifo: false,
      maxReceiveCount: resultReceives,
    });
    this.functions = {
      "add-group-members": this.#add("add-group-members", props),
      "create-group": this.#add("create-group", props),
      "expand-audience": this.#add("expand-audience", props),
    };
  }

  #add(name: QueueFunction, props: FunctionSurroundings): FunctionWithQueue {
    const { isFifo, maxConcurrency, ...facts } = queueFunctions[name];
    const messages = new MessageQueue(this, `${name}-messages`, {
      tenant: props.tenant.name,
      name,
      isFifo,
      maxReceiveCount,
      visibilityTimeout: Duration.seconds(visibilityPerTimeout * facts.timeoutSeconds),
    });
    const environment = { GATEWAY_RESULTS_QUEUE: this.results.queue.queueUrl };
    const gatewayFunction = new GatewayFunction(this, name, { ...props, name, facts, environment });
    this.results.queue.grantSendMessages(gatewayFunction.lambda);
    gatewayFunction.lambda.addEventSource(
      new SqsEventSource(messages.queue, { batchSize: 1, maxConcurrency, reportBatchItemFailures: true }),
    );
    return { gatewayFunction, messages };
  }
}
