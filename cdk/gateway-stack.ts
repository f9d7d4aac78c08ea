import { CfnOutput, Stack } from "aws-cdk-lib";
import type { Construct } from "constructs";
import { GatewayAlarms } from "#cdk/alarms/gateway-alarms";
import { AlarmTopic } from "#cdk/constructs/alarm-topic";
import { BotAccess } from "#cdk/constructs/bot-access";
import { ConsoleEvents } from "#cdk/constructs/console-events";
import { CredentialSecret } from "#cdk/constructs/credential-secret";
import { FailedInvocations } from "#cdk/constructs/failed-invocations";
import type { ImageSource } from "#cdk/constructs/function-image";
import { GatewayDashboard } from "#cdk/constructs/gateway-dashboard";
import { InvokedFunctions } from "#cdk/constructs/invoked-functions";
import { QueueFunctions } from "#cdk/constructs/queue-functions";
import { ScheduledFunctions } from "#cdk/constructs/scheduled-functions";
import { Storage } from "#cdk/constructs/storage";
import { nameOf, projectName } from "#cdk/naming";
import type { TenantSettings } from "#cdk/settings";

type Props = {
  settings: TenantSettings;
  image: ImageSource;
  /** Where the runbook is to be found. */
  runbook: string;
};

/** Everything that one tenant has. */
export class GatewayStack extends Stack {
  constructor(scope: Construct, { settings, image, runbook }: Props) {
    const { name: tenant, region, account, schedules } = settings;
    super(scope, nameOf(tenant), {
      env: { region, ...(account ? { account } : {}) },
      description: `Exchange Online for the chat bot of ${tenant}`,
      tags: { project: projectName, tenant },
    });
    const { bucket } = new Storage(this, "Storage");
    const { secret } = new CredentialSecret(this, "Credential", tenant);
    const { queue: failures } = new FailedInvocations(this, "FailedInvocations", tenant);
    const shared = { settings, image, bucket, secret };
    const { functions: scheduled } = new ScheduledFunctions(this, "Scheduled", { ...shared, failures });
    const queued = new QueueFunctions(this, "Queued", shared);
    const { functions: invoked } = new InvokedFunctions(this, "Invoked", shared);
    new ConsoleEvents(this, "ConsoleEvents", tenant);
    const { policy } = new BotAccess(this, "Bot", { tenant, bucket, queued, invoked });

    const { topic } = new AlarmTopic(this, "AlarmTopic", settings);
    const watched = { scheduled, queued, invoked, failures };
    const { alarms } = new GatewayAlarms(this, "Alarms", { tenant, topic, runbook, schedules, ...watched });
    new GatewayDashboard(this, "Overview", { tenant, alarms, ...watched });

    new CfnOutput(this, "BucketName", { value: bucket.bucketName });
    new CfnOutput(this, "SecretName", { value: secret.secretName });
    new CfnOutput(this, "BotPolicyArn", { value: policy.managedPolicyArn });
    new CfnOutput(this, "AlarmTopicArn", { value: topic.topicArn });
    new CfnOutput(this, "ResultsQueueUrl", { value: queued.queues.results.queue.queueUrl });
  }
}
