import * as z from "zod";
import { ExchangeError } from "#runtime/errors";

/** Microsoft's clouds, as Connect-ExchangeOnline's -ExchangeEnvironmentName calls them. */
export const exchangeEnvironmentNames = ["O365Default", "O365USGovGCCHigh", "O365USGovDoD", "O365China"] as const;
export type ExchangeEnvironmentName = (typeof exchangeEnvironmentNames)[number];

/** What reads users: Get-EXORecipient or Get-User. */
export const userSources = ["recipients", "users"] as const;

/** Mailboxes that are nobody's own. */
export const resourceKinds = ["shared", "rooms", "equipment"] as const;

const commaList = z
  .string()
  .transform((text) =>
    text
      .split(",")
      .map((part) => part.trim())
      .filter(Boolean),
  )
  .pipe(z.array(z.enum(resourceKinds)));

const gatewaySchema = z.strictObject({
  GATEWAY_BUCKET: z.string().min(3),
  GATEWAY_SECRET_ID: z.string().min(1),
  GATEWAY_RESULTS_QUEUE: z.url().optional(),
  GATEWAY_TENANT: z.string().min(1).optional(),
  GATEWAY_USER_SOURCE: z.enum(userSources).default("recipients"),
  GATEWAY_USER_INCLUDE: commaList.default([]),
  GATEWAY_SHRINK_LIMIT: z.coerce.number().min(0).max(100).default(20),
  GATEWAY_EXCHANGE_ENVIRONMENT: z.enum(exchangeEnvironmentNames).default("O365Default"),
});

const powershellSchema = z.object({
  POWERSHELL_PATH: z.string().min(1).default("pwsh"),
  EXCHANGE_MODULE_PATH: z.string().min(1).optional(),
});

/** How a function is set up. docs/operations.md says what each environment variable means. */
export type Configuration = {
  bucket: string;
  secretId: string;
  /** URL of the queue that results are sent to; only functions that are given messages have one. */
  resultsQueueUrl: string | null;
  /** What results call the tenant. */
  tenant: string | null;
  userSource: (typeof userSources)[number];
  userInclude: readonly (typeof resourceKinds)[number][];
  /** How many of a hundred rows may be gone from one snapshot to the next. */
  shrinkPercent: number;
  environmentName: ExchangeEnvironmentName;
  powershellPath: string;
  modulePath: string | null;
};

/** Reads the environment; a variable that is missing, wrong or a GATEWAY_ name nobody knows is `CONFIGURATION_INVALID`. */
export function readConfiguration(environment: NodeJS.ProcessEnv = process.env): Configuration {
  const ours = Object.entries(environment).filter(([name]) => name.startsWith("GATEWAY_"));
  const gateway = gatewaySchema.safeParse(Object.fromEntries(ours));
  const powershell = powershellSchema.safeParse(environment);
  if (!gateway.success || !powershell.success) {
    const problems = [gateway.error, powershell.error].filter((error) => error !== undefined).map(z.prettifyError);
    throw new ExchangeError(
      "CONFIGURATION_INVALID",
      `The function's environment variables are not right. Correct them where it is deployed:\n${problems.join("\n")}`,
    );
  }

  return {
    bucket: gateway.data.GATEWAY_BUCKET,
    secretId: gateway.data.GATEWAY_SECRET_ID,
    resultsQueueUrl: gateway.data.GATEWAY_RESULTS_QUEUE ?? null,
    tenant: gateway.data.GATEWAY_TENANT ?? null,
    userSource: gateway.data.GATEWAY_USER_SOURCE,
    userInclude: gateway.data.GATEWAY_USER_INCLUDE,
    shrinkPercent: gateway.data.GATEWAY_SHRINK_LIMIT,
    environmentName: gateway.data.GATEWAY_EXCHANGE_ENVIRONMENT,
    powershellPath: powershell.data.POWERSHELL_PATH,
    modulePath: powershell.data.EXCHANGE_MODULE_PATH ?? null,
  };
}
