import { Validations } from "aws-cdk-lib";
import { Queue } from "aws-cdk-lib/aws-sqs";
import { Construct } from "constructs";
import { keptDeadLetters, securedQueue } from "#cdk/constructs/message-queue";
import { nameOf } from "#cdk/naming";

/** Where a scheduled invocation ends up that failed each time, or that was never made. */
export class FailedInvocations extends Construct {
  readonly queue: Queue;

  constructor(scope: Construct, id: string, tenant: string) {
    super(scope, id);
    this.queue = new Queue(this, "Queue", {
      ...securedQueue,
      queueName: nameOf(tenant, "failed-invocations"),
      retentionPeriod: keptDeadLetters,
    });
    Validations.of(this.queue).acknowledge({
      id: "AwsSolutions-SQS3",
      reason: "It is a dead-letter queue: of the schedules, and of the functions they invoke.",
    });
  }
}
