import type { Queue } from "aws-cdk-lib/aws-sqs";
import { Construct } from "constructs";
import { CredentialAlarms } from "#cdk/alarms/credential-alarms";
import { FunctionAlarms } from "#cdk/alarms/function-alarms";
import { type AlarmSurroundings, GatewayAlarm } from "#cdk/alarms/gateway-alarm";
import { QueueAlarms } from "#cdk/alarms/queue-alarms";
import { SessionAlarms } from "#cdk/alarms/session-alarms";
import { SnapshotAlarms } from "#cdk/alarms/snapshot-alarms";
import type { FunctionsByName } from "#cdk/constructs/gateway-function";
import type { QueueFunctions } from "#cdk/constructs/queue-functions";
import type { TenantSettings } from "#cdk/settings";

type Props = AlarmSurroundings & {
  schedules: TenantSettings["schedules"];
  scheduled: FunctionsByName;
  queued: QueueFunctions;
  invoked: FunctionsByName;
  failures: Queue;
};

/** Every alarm of a tenant. */
export class GatewayAlarms extends Construct {
  constructor(
    scope: Construct,
    id: string,
    { schedules, scheduled, queued, invoked, failures, ...environment }: Props,
  ) {
    super(scope, id);
    new SnapshotAlarms(this, "Snapshots", environment, schedules);
    new QueueAlarms(this, "Queues", environment, queued, failures);
    new CredentialAlarms(this, "Credential", environment);
    new SessionAlarms(this, "Sessions", environment);
    new FunctionAlarms(this, "Functions", environment, { scheduled, queued: queued.functions, invoked });
  }

  get alarms(): GatewayAlarm[] {
    return this.node.findAll().filter((construct) => construct instanceof GatewayAlarm);
  }
}
