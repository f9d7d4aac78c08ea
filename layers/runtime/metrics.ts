import process from "node:process";
import { Metrics } from "@aws-lambda-powertools/metrics";
import { type MetricName, metricNamespace, metricService, metricUnits } from "#runtime/metric-units";

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
