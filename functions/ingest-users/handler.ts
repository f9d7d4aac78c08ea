import { listUsers, nameUserSettings } from "#directory/users";
import { sharedClient } from "#exchange/shared-client";
import { readConfiguration } from "#runtime/configuration";
import { createHandler } from "#runtime/handler";
import { logger } from "#runtime/telemetry";
import { ingest, ingestEventSchema } from "#snapshots/ingest";
import { createObjectStore } from "#storage/object-store";

/** Reads every user of the tenant and publishes them as a snapshot, or publishes nothing. */
export const handler = createHandler(ingestEventSchema, async (event, { deadline }) => {
  const { bucket, shrinkPercent, userSource, userInclude, ...connection } = readConfiguration();
  const client = sharedClient(connection);
  client.start();

  const settings = { source: userSource, include: userInclude };
  return ingest({
    store: createObjectStore({ bucket }),
    kind: "users",
    source: nameUserSettings(settings),
    directory: listUsers(client, settings),
    ...event,
    shrinkPercent,
    deadline,
    onProgress: (progress) => logger.info("Rows read", progress),
  });
});
