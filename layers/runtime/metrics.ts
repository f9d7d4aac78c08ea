import process from "node:process";
import { Metrics, MetricUnit } from "@aws-lambda-powertools/metrics";

/** Every metric of the gateway, per tenant, with its unit. */
export const metricUnits = {
  /** Rows of a snapshot that was published. */
  UsersPublished: MetricUnit.Count,
  GroupsPublished: MetricUnit.Count,
  /** Days until the certificate that is signed in with ends. */
  CertificateDaysLeft: MetricUnit.Count,
  /** Times the credential in the secret could not be used, and an earlier one was. */
  CredentialRefused: MetricUnit.Count,
  /** Checks of a validation that failed; 0 where none did. */
  ValidationFailed: MetricUnit.Count,
} as const;

export type MetricName = keyof typeof metricUnits;

export const metricNamespace = "ExchangeOnlineGateway";
const serviceName = "exchange-online-gateway";

/** The dimensions that every metric of a tenant has. */
export function metricDimensions(tenant: string): Record<string, string> {
  return { service: serviceName, tenant };
}

const metrics = new Metrics({
  namespace: metricNamespace,
  serviceName,
  defaultDimensions: { tenant: process.env.GATEWAY_TENANT ?? "none" },
});

/** Notes a value for CloudWatch; it is written when the invocation ends. */
export function recordMetric(name: MetricName, value: number): void {
  metrics.addMetric(name, metricUnits[name], value);
}

/** Writes what was noted, if anything, as one line of log in CloudWatch's embedded metric format. */
export function publishMetrics(): void {
  if (metrics.hasStoredMetrics()) metrics.publishStoredMetrics();
}
