import process from "node:process";
import { hasFunction } from "#local/functions/function-folders";
import { type FunctionOptions, type Invocation, InvocationError, startFunction } from "#local/functions/start-function";

/** The most that Lambda allows. */
const timeLimitMs = 15 * 60 * 1000;

/** Invokes a function once as the Lambda console would, in a process of its own. Throws an InvocationError. */
export async function invokeFunction(name: string, eventText: string, options: FunctionOptions): Promise<Invocation> {
  const running = startFunction(name, options);
  const passSignal = (signal: NodeJS.Signals) => running.kill(signal);
  process.on("SIGINT", passSignal).on("SIGTERM", passSignal);
  try {
    return await running.invoke({ eventText, timeLimitMs });
  } finally {
    await running.end();
    process.off("SIGINT", passSignal).off("SIGTERM", passSignal);
  }
}

/** Throws an InvocationError where there is no function of that name. */
export async function requireFunction(name: string): Promise<void> {
  if (await hasFunction(name)) return;
  throw new InvocationError(`There is no function "${name}". The folders in functions/ are their names.`);
}
