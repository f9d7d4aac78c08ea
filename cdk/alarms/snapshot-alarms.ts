import { Duration } from "aws-cdk-lib";
import { MathExpression, TreatMissingData } from "aws-cdk-lib/aws-cloudwatch";
import { Construct } from "constructs";
import { type AlarmSurroundings, GatewayAlarm } from "#cdk/alarms/gateway-alarm";
import { thresholds } from "#cdk/alarms/thresholds";
import type { TenantSettings } from "#cdk/settings";
import { tenantMetric } from "#cdk/tenant-metric";
import type { MetricName } from "#facts/metric-units";

const period = Duration.hours(1);

/** Whether snapshots are fresh, and whether runs end well. */
export class SnapshotAlarms extends Construct {
  readonly #environment: AlarmSurroundings;

  constructor(scope: Construct, id: string, environment: AlarmSurroundings, schedules: TenantSettings["schedules"]) {
    super(scope, id);
    this.#environment = environment;
    this.#watchAge("users", "UsersPublished", schedules.usersEveryHours);
    this.#watchAge("groups", "GroupsPublished", schedules.groupsEveryHours);
    this.#watchAttempts("run-failed", "RunFailed");
    this.#watchAttempts("guard-refused", "GuardRefused");
  }

  /**
   * Hour by hour and with zeros filled in: where a value is missing CloudWatch looks back for an older one.
   * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html
   */
  #watchAge(subject: string, metricName: MetricName, intervalHours: number): void {
    const published = tenantMetric(this.#environment.tenant, metricName, { statistic: "SampleCount", period });
    const usingMetrics = { published };
    new GatewayAlarm(this, this.#environment, {
      kind: "snapshot-is-old",
      subject,
      metric: new MathExpression({ expression: "FILL(published, 0)", usingMetrics, label: metricName, period }),
      limit: { lessThan: 1 },
      missing: TreatMissingData.BREACHING,
      periods: Math.ceil(intervalHours * thresholds.snapshotIntervals),
    });
  }

  #watchAttempts(kind: "run-failed" | "guard-refused", metricName: MetricName): void {
    new GatewayAlarm(this, this.#environment, {
      kind,
      metric: tenantMetric(this.#environment.tenant, metricName, { statistic: "Sum", period }),
      limit: { atLeast: thresholds.failedAttemptsPerHour },
      missing: TreatMissingData.NOT_BREACHING,
    });
  }
}
