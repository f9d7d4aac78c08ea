import { Logger } from "@aws-lambda-powertools/logger";

/** JSON lines for CloudWatch. Ids and counts only: no member's data, never a secret. */
export const logger = new Logger({ serviceName: process.env.AWS_LAMBDA_FUNCTION_NAME ?? "exchange-online-gateway" });
