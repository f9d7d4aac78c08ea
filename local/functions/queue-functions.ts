import { type QueueFunction, queueFunctions } from "#functions/facts";
import { createSqsClient } from "#local/aws/sqs";
import type { EnvironmentAddress } from "#local/environment/environment";
import { startEventSource } from "#local/functions/event-source";
import { hasFunction } from "#local/functions/invoke-function";
import {
  functionEnvironment,
  InvocationError,
  type RunningFunction,
  startFunction,
} from "#local/functions/start-function";
import { resolvePowerShell } from "#local/powershell/resolve";

type Stoppable = { stop(): Promise<void> };

/**
 * Gives each function that reads a queue its messages, in processes of its own. A function without a folder in
 * functions/ is left out, and so are all where there is no PowerShell: `onLog` is told why, and what functions log.
 */
export async function startQueueFunctions(
  address: EnvironmentAddress,
  onLog: (line: string) => void,
): Promise<Stoppable> {
  const names = await findQueueFunctions();
  if (names.length === 0) return { stop: async () => {} };
  const environment = await resolvePowerShell().then(
    (powershell) => functionEnvironment(address, powershell),
    (error: Error) => onLog(`Messages stay in their queues: ${error.message}`),
  );
  if (!environment) return { stop: async () => {} };
  const functions = names.map((name) => startQueueFunction(name, { address, environment, onLog }));
  return { stop: async () => void (await Promise.all(functions.map(({ stop }) => stop()))) };
}

async function findQueueFunctions(): Promise<QueueFunction[]> {
  const names = Object.keys(queueFunctions) as QueueFunction[];
  const found = await Promise.all(names.map(hasFunction));
  return names.filter((_, index) => found[index]);
}

function startQueueFunction(
  name: QueueFunction,
  options: { address: EnvironmentAddress; environment: NodeJS.ProcessEnv; onLog: (line: string) => void },
): Stoppable {
  const { address, environment, onLog } = options;
  const timeLimitMs = queueFunctions[name].timeoutSeconds * 1000;
  const warm = keepWarm(() => startFunction(name, { environment, onLog }), { timeLimitMs });
  const client = createSqsClient(address.aws);
  const source = startEventSource({
    client,
    queueUrl: address.queues[name],
    invoke: (event) => warm.invoke(event),
    onError: (error) => onLog(`${name}: ${error instanceof Error ? error.message : error}`),
  });
  return {
    stop: async () => {
      await Promise.all([source.stop(), warm.stop()]);
      client.destroy();
    },
  };
}

export type WarmFunction = {
  /** The handler's answer. Throws an InvocationError when the function failed or ended without one. */
  invoke(event: object): Promise<Record<string, unknown>>;
  /** Ends every process, also those at work. */
  stop(): Promise<void>;
};

/**
 * A function whose processes are kept for the events to come, as Lambda keeps its environments: each takes one event at
 * a time, another is started when all are at work, and one that has ended is replaced when it is needed.
 */
export function keepWarm(start: () => RunningFunction, { timeLimitMs }: { timeLimitMs: number }): WarmFunction {
  const idle = new Set<RunningFunction>();
  const busy = new Set<RunningFunction>();
  let isStopped = false;

  const take = (): RunningFunction => {
    if (isStopped) throw new InvocationError("The function's processes have been stopped.");
    for (const ended of [...idle].filter((running) => !running.isRunning())) idle.delete(ended);
    const [running = start()] = idle;
    idle.delete(running);
    busy.add(running);
    return running;
  };

  return {
    invoke: async (event) => {
      const running = take();
      try {
        const invocation = await running.invoke({ eventText: JSON.stringify(event), timeLimitMs });
        idle.add(running);
        if ("failure" in invocation) {
          const { code, message } = invocation.failure;
          throw new InvocationError(`${code}: ${message}`);
        }
        return invocation.answer;
      } finally {
        busy.delete(running);
      }
    },
    stop: async () => {
      isStopped = true;
      for (const running of busy) running.kill("SIGTERM");
      await Promise.all([...idle, ...busy].map((running) => running.end()));
    },
  };
}
