import { listGroups } from "#directory/groups";
import { sharedClient } from "#exchange/shared-client";
import { readConfiguration } from "#runtime/configuration";
import { createHandler } from "#runtime/handler";
import { logger } from "#runtime/telemetry";
import { ingest, ingestEventSchema } from "#snapshots/ingest";
import { createObjectStore } from "#storage/object-store";

/** Reads every distribution list of the tenant and publishes them as a snapshot, or publishes nothing. */
export const handler = createHandler(ingestEventSchema, async (event, { deadline }) => {
  const { bucket, shrinkPercent, ...connection } = readConfiguration();
  const client = sharedClient(connection);
  client.start();

  return ingest({
    store: createObjectStore({ bucket }),
    kind: "groups",
    source: "distributionGroups",
    directory: listGroups(client),
    ...event,
    shrinkPercent,
    deadline,
    onProgress: (progress) => logger.info("Rows read", progress),
  });
});
