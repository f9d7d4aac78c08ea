import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";

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
