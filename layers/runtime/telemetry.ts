import process from "node:process";
import { Logger } from "@aws-lambda-powertools/logger";
import { Metrics } from "@aws-lambda-powertools/metrics";
import { type MetricName, metricNamespace, metricService, metricUnits } from "#facts/metric-units";
import { visibleText } from "#runtime/text";

const metrics = new Metrics({
  namespace: metricNamespace,
  serviceName: metricService,
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

/** JSON lines for CloudWatch. Ids and counts only: no member's data, never a secret. */
export const logger = new Logger({
  serviceName: process.env.AWS_LAMBDA_FUNCTION_NAME ?? "exchange-online-gateway",
  jsonReplacerFn: (_, value) => (typeof value === "string" ? visibleText(value) : value),
});
