import { Duration } from "aws-cdk-lib";
import { TreatMissingData } from "aws-cdk-lib/aws-cloudwatch";
import { Construct } from "constructs";
import { type AlarmSurroundings, GatewayAlarm } from "#cdk/alarms/gateway-alarm";
import { thresholds } from "#cdk/alarms/thresholds";
import { tenantMetric } from "#cdk/tenant-metric";
import type { MetricName } from "#facts/metric-units";

/** Whether the gateway can sign in, and whether it will be able to. */
export class CredentialAlarms extends Construct {
  readonly #environment: AlarmSurroundings;

  constructor(scope: Construct, id: string, environment: AlarmSurroundings) {
    super(scope, id);
    this.#environment = environment;
    this.#watchRefusals("sign-in-refused", "SignInRefused");
    this.#watchRefusals("credential-refused", "CredentialRefused");
    this.#watchValidation();
    for (const days of thresholds.certificateDaysLeft) this.#watchCertificate(days);
  }

  #watchRefusals(kind: "sign-in-refused" | "credential-refused", metricName: MetricName): void {
    const period = Duration.minutes(5);
    new GatewayAlarm(this, this.#environment, {
      kind,
      metric: tenantMetric(this.#environment.tenant, metricName, { statistic: "Sum", period }),
      limit: { atLeast: 1 },
      missing: TreatMissingData.NOT_BREACHING,
    });
  }

  /** The last validation counts until the next one, which comes in a day, or as soon as somebody asks for it. */
  #watchValidation(): void {
    const period = Duration.hours(1);
    new GatewayAlarm(this, this.#environment, {
      kind: "validation-failed",
      metric: tenantMetric(this.#environment.tenant, "ValidationFailed", { statistic: "Minimum", period }),
      limit: { atLeast: 1 },
      missing: TreatMissingData.IGNORE,
    });
  }

  #watchCertificate(days: number): void {
    const period = Duration.hours(1);
    new GatewayAlarm(this, this.#environment, {
      kind: "certificate-ends",
      subject: `${days}-days`,
      metric: tenantMetric(this.#environment.tenant, "CertificateDaysLeft", { statistic: "Maximum", period }),
      limit: { lessThan: days + 1 },
      missing: TreatMissingData.IGNORE,
    });
  }
}
