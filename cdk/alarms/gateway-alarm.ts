import { Alarm, ComparisonOperator, type IMetric, type TreatMissingData } from "aws-cdk-lib/aws-cloudwatch";
import { SnsAction } from "aws-cdk-lib/aws-cloudwatch-actions";
import type { Topic } from "aws-cdk-lib/aws-sns";
import type { Construct } from "constructs";
import { type AlarmKind, alarmKinds } from "#cdk/alarms/alarm-kinds";
import { nameOf } from "#cdk/naming";

export type AlarmSurroundings = {
  tenant: string;
  topic: Topic;
  /** Where the runbook is to be found. */
  runbook: string;
};

type Props = {
  kind: AlarmKind;
  /** What it is about, where a kind has several alarms. */
  subject?: string;
  metric: IMetric;
  /** At least, or less than, so much. */
  limit: { atLeast: number } | { lessThan: number };
  /** What a period without a value counts as. */
  missing: TreatMissingData;
  /** So many periods of the metric have to be so, one after another. One by default. */
  periods?: number;
};

/** An alarm of a tenant. It tells the topic when it goes off and when it is over, and says where to read on. */
export class GatewayAlarm extends Alarm {
  constructor(scope: Construct, { tenant, topic, runbook }: AlarmSurroundings, props: Props) {
    const { kind, subject, metric, limit, missing, periods = 1 } = props;
    const id = subject ? `${kind}-${subject}` : kind;
    super(scope, id, {
      alarmName: nameOf(tenant, id),
      alarmDescription: `${alarmKinds[kind]} ${runbook}#${kind}`,
      metric,
      ...comparison(limit),
      treatMissingData: missing,
      evaluationPeriods: periods,
    });
    const tell = new SnsAction(topic);
    this.addAlarmAction(tell);
    this.addOkAction(tell);
  }
}

function comparison(limit: Props["limit"]) {
  return "atLeast" in limit
    ? { threshold: limit.atLeast, comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD }
    : { threshold: limit.lessThan, comparisonOperator: ComparisonOperator.LESS_THAN_THRESHOLD };
}
