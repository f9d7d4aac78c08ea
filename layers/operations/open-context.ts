import { sharedClient } from "#exchange/shared-client";
import type { OperationContext } from "#operations/operation-type";
import { openQueues } from "#operations/queues";
import { readConfiguration } from "#runtime/configuration";
import type { Deadline } from "#runtime/deadline";
import { ExchangeError } from "#runtime/errors";
import { createObjectStore } from "#storage/object-store";

/** What a function that carries out operations works with, as its environment says. */
export function openContext(deadline: Deadline): OperationContext {
  const { bucket, resultsQueueUrl, tenant, ...connection } = readConfiguration();
  if (resultsQueueUrl === null) {
    throw new ExchangeError(
      "CONFIGURATION_INVALID",
      "GATEWAY_RESULTS_QUEUE is missing: nobody would hear of what came of a message.",
    );
  }
  const client = sharedClient(connection);
  client.start();
  return { client, store: createObjectStore({ bucket }), queues: openQueues(resultsQueueUrl), tenant, deadline };
}
