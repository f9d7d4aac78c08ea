import { relative } from "node:path";
import process from "node:process";
import { describeAnswer, describeError, describeFailure } from "#local/answers";
import { startEnvironment } from "#local/environment/environment";
import { findEnvironment } from "#local/environment/running-environment";
import { invokeFunction, requireFunction } from "#local/functions/invoke-function";
import { functionEnvironment, type Invocation } from "#local/functions/start-function";
import { resolvePowerShell } from "#local/powershell/resolve";
import { print, printError } from "#local/print";

type Options = { secret?: string; json: boolean; logs: boolean };

/** Invokes one function. Exit code 0, 1 when the function failed, 2 when it could not be invoked. */
export async function invokeCommand(functionName: string, eventText: string, options: Options): Promise<void> {
  try {
    const invocation = await invoke(functionName, eventText, options);
    if (options.json) print(JSON.stringify("answer" in invocation ? invocation.answer : invocation.failure));
    else printForPeople(functionName, invocation);
    process.exitCode = "answer" in invocation ? 0 : 1;
  } catch (error) {
    printError(`Could not be invoked: ${describeError(error)}`);
    process.exitCode = 2;
  }
}

async function invoke(functionName: string, eventText: string, options: Options): Promise<Invocation> {
  await requireFunction(functionName);
  const powershell = await resolvePowerShell();
  const environment = await provideEnvironment(options.secret);
  const onLog = (line: string) => {
    if (options.json || options.logs) printError(line);
  };
  try {
    return await invokeFunction(functionName, eventText, {
      environment: functionEnvironment(environment.address, powershell),
      onLog,
    });
  } finally {
    await environment.stop();
  }
}

/** The environment that runs, or one for this purpose alone. */
async function provideEnvironment(secretFile: string | undefined) {
  const environment = await findEnvironment(secretFile);
  if (environment?.bucketFolder !== undefined) {
    printError(`What the function writes lies in ${relative(process.cwd(), environment.bucketFolder)}`);
  }
  if (environment) return environment;
  printError("No local environment runs (npm run local): one with 2,000 users is started for this invocation.");
  return startEnvironment({ users: 2000, groups: 100, seed: 1 });
}

function printForPeople(functionName: string, invocation: Invocation): void {
  if ("answer" in invocation) print(describeAnswer(functionName, invocation.answer));
  else print(describeFailure(functionName, invocation.failure));
}
