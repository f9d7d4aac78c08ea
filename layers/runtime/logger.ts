import { Logger } from "@aws-lambda-powertools/logger";
import { visibleText } from "#runtime/visible-text";

/** JSON lines for CloudWatch. Ids and counts only: no member's data, never a secret. */
export const logger = new Logger({
  serviceName: process.env.AWS_LAMBDA_FUNCTION_NAME ?? "exchange-online-gateway",
  jsonReplacerFn: (_, value) => (typeof value === "string" ? visibleText(value) : value),
});
