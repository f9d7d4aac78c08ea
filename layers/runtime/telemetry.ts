import { createHmac, randomBytes } from "node:crypto";
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

/** JSON lines for CloudWatch: no mail address, never a secret. */
export const logger = new Logger({
  serviceName: process.env.AWS_LAMBDA_FUNCTION_NAME ?? "exchange-online-gateway",
  jsonReplacerFn: (_, value) => (typeof value === "string" ? hashAddresses(visibleText(value)) : value),
});

const part = "[^\\s\"'<>()[\\]{}|,;:@]";
/** What stands before the @ begins where no such character stands before it: a long text is read once. */
const mailAddress = new RegExp(`(?<!${part})${part}+@[\\p{L}\\p{N}](?:[\\p{L}\\p{N}.-]{0,252}[\\p{L}\\p{N}])?`, "gu");

/** As long as the process lives the same address has the same hash, so that lines can be told to be about one. */
const key = randomBytes(32);

/** Exchange's own words and what people asked for name people by address. Who that is the result and the bucket say. */
export function hashAddresses(text: string): string {
  return text.replaceAll(mailAddress, (address) => {
    const hash = createHmac("sha256", key).update(address.toLowerCase()).digest("hex").slice(0, 12);
    return `address:${hash}`;
  });
}
