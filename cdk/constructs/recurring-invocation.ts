import { Duration, Stack, TimeZone } from "aws-cdk-lib";
import { type IRole, PolicyDocument, PolicyStatement, Role, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import type { IFunction } from "aws-cdk-lib/aws-lambda";
import {
  ContextAttribute,
  Schedule,
  ScheduleExpression,
  ScheduleTargetInput,
  TimeWindow,
} from "aws-cdk-lib/aws-scheduler";
import { LambdaInvoke } from "aws-cdk-lib/aws-scheduler-targets";
import type { Queue } from "aws-cdk-lib/aws-sqs";
import { Construct } from "constructs";

/** So that the tenants of an account do not all begin in the same minute. */
const window = Duration.minutes(15);

/** For the hand-over to Lambda alone: what becomes of the invocation is Lambda's affair. */
const handOver = { retryAttempts: 10, maxEventAge: Duration.hours(1) };

/** When in the day, as the fields of cron have it. */
export type Times = { minute: number; hour: string; timeZone: string };

type Props = {
  name: string;
  description: string;
  invoked: IFunction;
  times: Times;
  /** Whether the event says for when the run was meant. */
  hasScheduledTime: boolean;
  /** Where an invocation ends up that could not be made. */
  failures: Queue;
};

/** Invokes a function at set times, by a role that may invoke no other. */
export class RecurringInvocation extends Construct {
  constructor(scope: Construct, id: string, props: Props) {
    super(scope, id);
    const { name, description, invoked, times, hasScheduledTime, failures } = props;
    const { minute, hour, timeZone } = times;
    const input = hasScheduledTime ? { scheduledTime: ContextAttribute.scheduledTime } : {};
    new Schedule(this, "Schedule", {
      scheduleName: name,
      description,
      schedule: ScheduleExpression.cron({ minute: String(minute), hour, timeZone: TimeZone.of(timeZone) }),
      timeWindow: TimeWindow.flexible(window),
      target: new LambdaInvoke(invoked, {
        ...handOver,
        role: this.#createRole(props),
        input: ScheduleTargetInput.fromObject(input),
        deadLetterQueue: failures,
      }),
    });
  }

  /** The schedule itself would add a right to every version of the function. */
  #createRole({ invoked, failures }: Props): IRole {
    const invoke = new PolicyStatement({ actions: ["lambda:InvokeFunction"], resources: [invoked.functionArn] });
    const report = new PolicyStatement({ actions: ["sqs:SendMessage"], resources: [failures.queueArn] });
    const role = new Role(this, "Role", {
      assumedBy: new ServicePrincipal("scheduler.amazonaws.com", {
        conditions: { StringEquals: { "aws:SourceAccount": Stack.of(this).account } },
      }),
      inlinePolicies: { Invoke: new PolicyDocument({ statements: [invoke, report] }) },
    });
    return role.withoutPolicyUpdates();
  }
}
