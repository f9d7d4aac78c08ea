import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import process from "node:process";
import { createInterface } from "node:readline";
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

export type Failure = { code: string; message: string; retryable: boolean };
/** The answer is empty where the handler returned nothing. */
export type Invocation = { answer: Record<string, unknown> } | { failure: Failure };

export type FunctionCall = {
  eventText: string;
  timeLimitMs: number;
  /** When the process is killed; at its time limit unless told otherwise. */
  killAfterMs?: number;
};
/** What the process is sent: an event, or that no other will come. */
export type FunctionMessage = { call: FunctionCall } | "end";

export type FunctionOptions = {
  environment: NodeJS.ProcessEnv;
  /** Each line that the function logs. */
  onLog: (line: string) => void;
};

export type RunningFunction = {
  /** One event at a time. Throws an InvocationError when the process ends first, by itself or by its time limit. */
  invoke(call: FunctionCall): Promise<Invocation>;
  isRunning(): boolean;
  kill(signal: NodeJS.Signals): void;
  /** Lets the process close what it has open, and waits until it has ended. */
  end(): Promise<void>;
};

/** A function that is not there, that failed, or whose process ended without an answer. */
export class InvocationError extends Error {}

/** Starts a function's process, which takes events until it is ended. */
export function startFunction(name: string, { environment, onLog }: FunctionOptions): RunningFunction {
  const child = fork(join(import.meta.dirname, "function-process.ts"), [name], {
    env: environment,
    stdio: ["ignore", "pipe", "pipe", "ipc"],
  });
  for (const stream of [child.stdout, child.stderr]) {
    if (stream) createInterface({ input: stream }).on("line", onLog);
  }
  const ended = new Promise<string>((resolve) => {
    child.on("error", (error) => resolve(error.message));
    child.on("close", (code, signal) => resolve(signal ?? `exit code ${code}`));
  });

  return {
    invoke: (call) => invokeWithin(call, { child, name, ended }),
    isRunning: () => child.connected,
    kill: (signal) => void child.kill(signal),
    end: async () => {
      // Where the parent disconnects, Node never says that the child has closed.
      if (child.connected) send(child, "end");
      await ended;
    },
  };
}

async function invokeWithin(
  call: FunctionCall,
  { child, name, ended }: { child: ChildProcess; name: string; ended: Promise<string> },
): Promise<Invocation> {
  const { killAfterMs = call.timeLimitMs } = call;
  let isOutOfTime = false;
  const timer = setTimeout(() => {
    isOutOfTime = child.kill("SIGKILL");
  }, killAfterMs);
  const failed = ended.then((how) => {
    const reason = isOutOfTime ? `time-out of ${killAfterMs / 1000} s` : how;
    throw new InvocationError(`${name} ended without an answer (${reason}).`);
  });
  const answered = once(child, "message").then(([message]) => message as Invocation);
  send(child, { call });
  try {
    return await Promise.race([answered, failed]);
  } finally {
    clearTimeout(timer);
  }
}

/** A process that has ended meanwhile is noticed by its end. */
function send(child: ChildProcess, message: FunctionMessage): void {
  child.send(message, () => {});
}
