import { fork } from "node:child_process";
import { access } from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
import { createInterface } from "node:readline";

export type Failure = { code: string; message: string; retryable: boolean };
export type Invocation = { answer: Record<string, unknown> } | { failure: Failure };

type Options = {
  environment: NodeJS.ProcessEnv;
  /** Each line that the function logs. */
  onLog: (line: string) => void;
};

/** A function that is not there, or whose process ended without an answer. */
export class InvocationError extends Error {}

/** Invokes a function as the Lambda console would, in a process of its own. Throws an InvocationError. */
export async function invokeFunction(name: string, eventText: string, options: Options): Promise<Invocation> {
  const child = fork(join(import.meta.dirname, "function-process.ts"), [name, eventText], {
    env: options.environment,
    stdio: ["ignore", "pipe", "pipe", "ipc"],
  });
  const passSignal = (signal: NodeJS.Signals) => child.kill(signal);
  process.on("SIGINT", passSignal).on("SIGTERM", passSignal);
  for (const stream of [child.stdout, child.stderr]) {
    if (stream) createInterface({ input: stream }).on("line", options.onLog);
  }

  try {
    return await new Promise((resolve, reject) => {
      let invocation: Invocation | undefined;
      child.on("message", (message) => {
        invocation = message as Invocation;
      });
      child.on("error", reject);
      child.on("close", (code, signal) => {
        if (invocation) resolve(invocation);
        else reject(new InvocationError(`${name} ended without an answer (${signal ?? `exit code ${code}`}).`));
      });
    });
  } finally {
    process.off("SIGINT", passSignal).off("SIGTERM", passSignal);
  }
}

/** Throws an InvocationError where there is no function of that name. */
export async function requireFunction(name: string): Promise<void> {
  const isName = /^[a-z]+(-[a-z]+)*$/.test(name);
  const path = join(import.meta.dirname, "..", "functions", name, "handler.ts");
  const isThere =
    isName &&
    (await access(path).then(
      () => true,
      () => false,
    ));
  if (!isThere) throw new InvocationError(`There is no function "${name}". The folders in functions/ are their names.`);
}
