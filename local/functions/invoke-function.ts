import { access } from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
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

/** Whether there is a function of that name: a folder in functions/ with a handler. */
export async function hasFunction(name: string): Promise<boolean> {
  if (!/^[a-z]+(-[a-z]+)*$/.test(name)) return false;
  const path = join(import.meta.dirname, "..", "..", "functions", name, "handler.ts");
  return access(path).then(
    () => true,
    () => false,
  );
}
