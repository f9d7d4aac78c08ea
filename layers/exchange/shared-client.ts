import { createExchangeClient, type ExchangeClient } from "#exchange/client";
import { parseCredential } from "#exchange/credential/credential";
import type { ExchangeEnvironmentName } from "#runtime/configuration";
import { createSecretReader } from "#storage/secrets";

type Options = {
  secretId: string;
  environmentName: ExchangeEnvironmentName;
  powershellPath: string;
  modulePath: string | null;
  /** How often it is looked whether the secret has changed. Five minutes by default. */
  refreshMs?: number;
};

let client: ExchangeClient | undefined;

/** The one client of this process, so that invocations of a warm function share its session. */
export function sharedClient({ secretId, ...options }: Options): ExchangeClient {
  client ??= open(secretId, options);
  return client;
}

/** Ends the shared client's session; the next `sharedClient` starts another one. */
export async function closeSharedClient(): Promise<void> {
  await client?.close();
  client = undefined;
}

function open(secretId: string, options: Omit<Options, "secretId">): ExchangeClient {
  const readSecret = createSecretReader(secretId);
  const { environmentName } = options;
  return createExchangeClient({
    ...options,
    readCredential: async (stage) => parseCredential(await readSecret(stage), environmentName),
  });
}
