import { Stack } from "aws-cdk-lib";
import type { Construct } from "constructs";
import { AlarmTopic } from "#cdk/constructs/alarm-topic";
import { CredentialSecret } from "#cdk/constructs/credential-secret";
import { FailedInvocations } from "#cdk/constructs/failed-invocations";
import { InvokedFunctions } from "#cdk/constructs/invoked-functions";
import { QueueFunctions } from "#cdk/constructs/queue-functions";
import { ScheduledFunctions } from "#cdk/constructs/scheduled-functions";
import { Storage } from "#cdk/constructs/storage";
import { nameOf, projectName } from "#cdk/naming";
import type { TenantSettings } from "#cdk/settings";

type Props = {
  tenant: TenantSettings;
  /** What the image of the functions is built from. */
  imageFolder: string;
};

/** Everything that one tenant has. */
export class GatewayStack extends Stack {
  constructor(scope: Construct, { tenant, imageFolder }: Props) {
    const { name, region, account } = tenant;
    super(scope, nameOf(name), {
      env: { region, ...(account ? { account } : {}) },
      description: `Exchange Online for the chat bot of ${name}`,
      tags: { project: projectName, tenant: name },
    });
    const { bucket } = new Storage(this, "Storage");
    const { secret } = new CredentialSecret(this, "Credential", name);
    const { queue: failures } = new FailedInvocations(this, "FailedInvocations", name);
    const surroundings = { tenant, imageFolder, bucket, secret };
    const scheduled = new ScheduledFunctions(this, "Scheduled", { ...surroundings, failures });
    const queued = new QueueFunctions(this, "Queued", surroundings);
    const invoked = new InvokedFunctions(this, "Invoked", surroundings);
    const { topic } = new AlarmTopic(this, "AlarmTopic", tenant);
    void [scheduled, queued, invoked, topic];
  }
}
