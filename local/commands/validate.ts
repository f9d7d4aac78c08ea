import process from "node:process";
import { describeAnswer, describeError, describeFailure } from "#local/answers";
import { findEnvironment } from "#local/environment/running-environment";
import { invokeFunction } from "#local/functions/invoke-function";
import { functionEnvironment, type Invocation } from "#local/functions/start-function";
import { resolvePowerShell } from "#local/powershell/resolve";
import { print, printError } from "#local/print";
import type { ExchangeEnvironmentName } from "#runtime/configuration";
import { validationSchema } from "#validation/validation";

type Options = { secret?: string; environment?: ExchangeEnvironmentName; json: boolean };

const functionName = "validate-credentials";

/** Validates a credential. Exit code 0, 1 when a check failed, 2 when it could not be validated. */
export async function validateCommand(options: Options): Promise<void> {
  try {
    process.exitCode = report(await validate(options), options);
  } catch (error) {
    printError(`Could not be validated: ${describeError(error)}`);
    process.exitCode = 2;
  }
}

async function validate({ secret, environment: environmentName }: Options): Promise<Invocation> {
  if (environmentName && secret === undefined) throw new Error("--environment goes with --secret.");
  const environment = await findEnvironment(secret);
  if (!environment) {
    throw new Error("no local environment runs (npm run local). Give --secret FILE for a real tenant's credential.");
  }
  try {
    const powershell = await resolvePowerShell();
    return await invokeFunction(functionName, "{}", {
      environment: functionEnvironment(environment.address, powershell, environmentName ? { environmentName } : {}),
      onLog: () => {},
    });
  } finally {
    await environment.stop();
  }
}

function report(invocation: Invocation, { json }: Options): 0 | 1 | 2 {
  if ("failure" in invocation) {
    if (json) print(JSON.stringify(invocation.failure));
    else printError(describeFailure(functionName, invocation.failure));
    return 2;
  }
  const { answer } = invocation;
  print(json ? JSON.stringify(answer) : describeAnswer(functionName, answer));
  return validationSchema.parse(answer).status === "fail" ? 1 : 0;
}
