import type { Duration } from "aws-cdk-lib";
import { Metric } from "aws-cdk-lib/aws-cloudwatch";
import { type MetricName, metricDimensions, metricNamespace } from "#facts/metric-units";

type Options = {
  statistic: "Sum" | "Minimum" | "Maximum" | "SampleCount" | "p50";
  period: Duration;
};

/** A metric that the functions of a tenant record. */
export function tenantMetric(tenant: string, metricName: MetricName, options: Options): Metric {
  return new Metric({
    namespace: metricNamespace,
    metricName,
    dimensionsMap: metricDimensions(tenant),
    label: metricName,
    ...options,
  });
}
