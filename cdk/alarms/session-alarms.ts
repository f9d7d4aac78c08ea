import { Duration } from "aws-cdk-lib";
import { TreatMissingData } from "aws-cdk-lib/aws-cloudwatch";
import { Construct } from "constructs";
import { type AlarmSurroundings, GatewayAlarm } from "#cdk/alarms/gateway-alarm";
import { thresholds } from "#cdk/alarms/thresholds";
import { tenantMetric } from "#cdk/tenant-metric";

const missing = TreatMissingData.NOT_BREACHING;

/** Whether Exchange takes calls, and PowerShell lives to make them. */
export class SessionAlarms extends Construct {
  constructor(scope: Construct, id: string, environment: AlarmSurroundings) {
    super(scope, id);
    const { tenant } = environment;
    new GatewayAlarm(this, environment, {
      kind: "exchange-throttles",
      metric: tenantMetric(tenant, "Throttled", { statistic: "Sum", period: Duration.minutes(15) }),
      limit: { atLeast: thresholds.throttledCallsPerQuarter },
      missing,
    });
    new GatewayAlarm(this, environment, {
      kind: "powershell-is-lost",
      metric: tenantMetric(tenant, "SessionLost", { statistic: "Sum", period: Duration.hours(1) }),
      limit: { atLeast: thresholds.lostSessionsPerHour },
      missing,
    });
  }
}
