import { InvocationError, type RunningFunction } from "#local/functions/start-function";

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
