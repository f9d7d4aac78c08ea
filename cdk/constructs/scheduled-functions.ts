import { SqsDestination } from "aws-cdk-lib/aws-lambda-destinations";
import type { Queue } from "aws-cdk-lib/aws-sqs";
import { Construct } from "constructs";
import { type FunctionEnvironment, GatewayFunction } from "#cdk/constructs/gateway-function";
import { RecurringInvocation, type Times } from "#cdk/constructs/recurring-invocation";
import { mapNames } from "#cdk/map-names";
import { nameOf } from "#cdk/naming";
import type { TenantSettings } from "#cdk/settings";
import { type ScheduledFunction, scheduledFunctions } from "#functions/facts";

type Props = FunctionEnvironment & {
  /** Where what failed each time ends up. */
  failures: Queue;
};

/** The functions that schedules begin. */
export class ScheduledFunctions extends Construct {
  readonly functions: Record<ScheduledFunction, GatewayFunction>;

  constructor(scope: Construct, id: string, props: Props) {
    super(scope, id);
    this.functions = mapNames(scheduledFunctions, (name) => this.#add(name, props));
  }

  #add(name: ScheduledFunction, props: Props): GatewayFunction {
    const { settings, failures } = props;
    const facts = scheduledFunctions[name];
    const added = new GatewayFunction(this, name, { ...props, name, facts, onFailure: new SqsDestination(failures) });
    new RecurringInvocation(this, `${name}-schedule`, {
      name: nameOf(settings.name, name),
      description: facts.description,
      invoked: added.lambda,
      times: timesOf(name, settings.schedules),
      hasScheduledTime: facts.hasScheduledTime,
      failures,
    });
    return added;
  }
}

/** Groups come half an hour after users, so that the two do not share the tenant's limits. */
function timesOf(name: ScheduledFunction, schedules: TenantSettings["schedules"]): Times {
  const { usersEveryHours, groupsEveryHours, validateAtHour, timeZone } = schedules;
  switch (name) {
    case "ingest-users":
      return { minute: 0, hour: `*/${usersEveryHours}`, timeZone };
    case "ingest-groups":
      return { minute: 30, hour: `*/${groupsEveryHours}`, timeZone };
    case "validate-credentials":
      return { minute: 15, hour: String(validateAtHour), timeZone };
  }
}
