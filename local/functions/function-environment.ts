import process from "node:process";
import type { EnvironmentAddress } from "#local/environment/environment";
import type { PowerShellChoice } from "#local/powershell/resolve";
import type { ExchangeEnvironmentName } from "#runtime/configuration";
import { ExchangeError } from "#runtime/errors";

export type FunctionSettings = {
  source?: "recipients" | "users";
  /** Which of Microsoft's clouds a real tenant lies in. */
  environmentName?: ExchangeEnvironmentName;
};

/** The caller's own settings, which must not mix with the local ones. */
const ownAwsSettings = ["AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_ENDPOINT_URL"];
const ownProxySettings = ["https_proxy", "no_proxy", "NO_PROXY", "SSL_CERT_DIR"];

/**
 * The environment variables a deployed function would have, pointing at a local environment. Throws `MODULE_UNUSABLE` where
 * the stand-in would talk to the real Exchange Online.
 */
export function functionEnvironment(
  address: EnvironmentAddress,
  powershell: PowerShellChoice,
  settings: FunctionSettings = {},
): NodeJS.ProcessEnv {
  const { exchange, aws, bucket, secretId, queues } = address;
  if (exchange === undefined && powershell.module.isStandIn) throw standInRefused(powershell);
  const withheld = exchange ? [...ownAwsSettings, ...ownProxySettings] : ownAwsSettings;
  const inherited = Object.entries(process.env).filter(([name]) => !withheld.includes(name));
  return {
    ...Object.fromEntries(inherited),
    AWS_REGION: "eu-central-1",
    AWS_ACCESS_KEY_ID: aws.accessKeyId,
    AWS_SECRET_ACCESS_KEY: aws.secretAccessKey,
    AWS_ENDPOINT_URL_S3: aws.s3,
    AWS_ENDPOINT_URL_SECRETS_MANAGER: aws.secretsManager,
    AWS_ENDPOINT_URL_SQS: aws.sqs,
    ...(exchange
      ? {
          HTTPS_PROXY: exchange.proxy,
          SSL_CERT_FILE: exchange.caFile,
          // Where PowerShell would look for more authorities, and read all of the machine's whenever it starts.
          SSL_CERT_DIR: `${exchange.caFile}.d`,
          GATEWAY_EXCHANGE_ENVIRONMENT: exchange.environment,
        }
      : {}),
    GATEWAY_BUCKET: bucket,
    GATEWAY_SECRET_ID: secretId,
    GATEWAY_RESULTS_QUEUE: queues.results,
    GATEWAY_TENANT: "local",
    ...(settings.environmentName ? { GATEWAY_EXCHANGE_ENVIRONMENT: settings.environmentName } : {}),
    ...(settings.source ? { GATEWAY_USER_SOURCE: settings.source } : {}),
    POWERSHELL_PATH: powershell.powershellPath,
    EXCHANGE_MODULE_PATH: powershell.module.path,
  };
}

function standInRefused({ powershellPath, module }: PowerShellChoice): ExchangeError {
  return new ExchangeError(
    "MODULE_UNUSABLE",
    `A real tenant is talked to by the genuine ExchangeOnlineManagement module alone, and ${module.path} is the stand-in. ` +
      `Install it, then try again: "${powershellPath}" -Command "Install-Module ExchangeOnlineManagement -Scope CurrentUser"`,
  );
}
