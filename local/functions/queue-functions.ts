import { type QueueFunction, queueFunctions } from "#functions/facts";
import { createSqsClient } from "#local/aws/sqs/client";
import type { EnvironmentAddress } from "#local/environment/environment";
import { startEventSource } from "#local/functions/event-source";
import { functionEnvironment } from "#local/functions/function-environment";
import { hasFunction } from "#local/functions/function-folders";
import { startFunction } from "#local/functions/start-function";
import { keepWarm } from "#local/functions/warm-function";
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
