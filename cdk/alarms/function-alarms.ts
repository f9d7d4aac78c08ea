import { Duration } from "aws-cdk-lib";
import { TreatMissingData } from "aws-cdk-lib/aws-cloudwatch";
import { Construct } from "constructs";
import { type AlarmSurroundings, GatewayAlarm } from "#cdk/alarms/gateway-alarm";
import { thresholds } from "#cdk/alarms/thresholds";
import type { FunctionsByName } from "#cdk/constructs/gateway-function";

const period = Duration.minutes(5);
const missing = TreatMissingData.NOT_BREACHING;

type Props = { scheduled: FunctionsByName; queued: FunctionsByName; invoked: FunctionsByName };

/** What Lambda itself knows of the functions. https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html */
export class FunctionAlarms extends Construct {
  readonly #environment: AlarmSurroundings;

  constructor(scope: Construct, id: string, environment: AlarmSurroundings, { scheduled, queued, invoked }: Props) {
    super(scope, id);
    this.#environment = environment;
    this.#watchDuration({ ...scheduled, ...queued, ...invoked });
    this.#watchErrors(invoked);
    this.#watchUndelivered(scheduled);
  }

  #watchDuration(functions: FunctionsByName): void {
    for (const [subject, { lambda, facts }] of Object.entries(functions)) {
      if (facts.endsAtItsDeadline) continue;
      const metric = lambda.metricDuration({ statistic: "Maximum", period });
      const limit = { atLeast: (facts.timeoutSeconds * 1000 * thresholds.durationPercent) / 100 };
      new GatewayAlarm(this, this.#environment, { kind: "time-runs-out", subject, metric, limit, missing });
    }
  }

  #watchErrors(functions: FunctionsByName): void {
    for (const [subject, { lambda }] of Object.entries(functions)) {
      const metric = lambda.metricErrors({ statistic: "Sum", period });
      const limit = { atLeast: thresholds.failedLookupsPerFiveMinutes };
      new GatewayAlarm(this, this.#environment, { kind: "lookups-fail", subject, metric, limit, missing });
    }
  }

  #watchUndelivered(functions: FunctionsByName): void {
    for (const [subject, { lambda }] of Object.entries(functions)) {
      const metric = lambda.metric("DestinationDeliveryFailures", { statistic: "Sum", period });
      new GatewayAlarm(this, this.#environment, {
        kind: "failures-get-lost",
        subject,
        metric,
        limit: { atLeast: 1 },
        missing,
      });
    }
  }
}
