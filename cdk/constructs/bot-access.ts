import { ManagedPolicy, PolicyStatement } from "aws-cdk-lib/aws-iam";
import type { Bucket } from "aws-cdk-lib/aws-s3";
import { Construct } from "constructs";
import type { FunctionsByName } from "#cdk/constructs/gateway-function";
import { allowObjects } from "#cdk/constructs/object-access";
import type { QueueFunctions } from "#cdk/constructs/queue-functions";
import { nameOf } from "#cdk/naming";

/** What the bot reads in the bucket. */
const readPrefixes = ["snapshots/", "audiences/", "answers/"];

type Props = { tenant: string; bucket: Bucket; queued: QueueFunctions; invoked: FunctionsByName };

/** A policy for the bot's role: it asks, takes what comes of it, and reads. It can change nothing but through messages. */
export class BotAccess extends Construct {
  readonly policy: ManagedPolicy;

  constructor(scope: Construct, id: string, { tenant, bucket, queued, invoked }: Props) {
    super(scope, id);
    this.policy = new ManagedPolicy(this, "Policy", {
      managedPolicyName: nameOf(tenant, "bot"),
      description: `Lets the chat bot of ${tenant} use the gateway`,
    });
    const { results, ...requests } = queued.queues;
    for (const { queue } of Object.values(requests)) queue.grantSendMessages(this.policy);
    results.queue.grantConsumeMessages(this.policy);
    this.policy.addStatements(
      new PolicyStatement({
        actions: ["lambda:InvokeFunction"],
        resources: Object.values(invoked).map(({ lambda }) => lambda.functionArn),
      }),
    );
    for (const prefix of readPrefixes) allowObjects(this.policy, bucket, prefix, "read");
  }
}
