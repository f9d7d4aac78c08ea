import process from "node:process";
import { startEnvironment, type TenantOptions } from "#local/environment/environment";
import { announceEnvironment, withdrawEnvironment } from "#local/environment/running-environment";
import { startQueueFunctions } from "#local/functions/queue-functions";
import { print, printError } from "#local/print";

type Options = Omit<TenantOptions, "delayMs"> & { delay: number };

/**
 * Starts the local environment, says in one line of JSON where it is, gives functions their messages, and stays until
 * SIGINT or SIGTERM.
 */
export async function localCommand({ delay, ...options }: Options): Promise<void> {
  const environment = await startEnvironment({ ...options, delayMs: delay });
  announceEnvironment(environment.address);
  const stopped = new Promise((resolve) => {
    // Not `once`: execa ends the process by the signal where nobody listens but itself, and PowerShell may just be looked for.
    process.on("SIGINT", resolve).on("SIGTERM", resolve);
  });

  print(JSON.stringify(environment.address));
  printError(`${options.users} users and ${options.groups} groups, seed ${options.seed}. Ctrl+C ends it.`);
  const functions = await startQueueFunctions(environment.address, printError);
  await stopped;

  withdrawEnvironment();
  await functions.stop();
  await environment.stop();
}
