import { readUsers } from "#directory/user-sources";
import { sharedClient } from "#exchange/shared-client";
import { eventSchema } from "#functions/ingest-users/event";
import { readConfiguration } from "#runtime/configuration";
import { createHandler } from "#runtime/handler";
import { logger } from "#runtime/logger";
import { createObjectStore } from "#runtime/object-store";
import { ingest } from "#snapshots/ingest";

/** Reads every user of the tenant and publishes them as a snapshot, or publishes nothing. */
export const handler = createHandler(eventSchema, async (event, { deadline }) => {
  const { bucket, userSource, userInclude, ...connection } = readConfiguration();
  const client = sharedClient(connection);
  client.start();

  return ingest({
    store: createObjectStore({ bucket }),
    kind: "users",
    source: userSource,
    scheduledTime: event.scheduledTime === undefined ? new Date() : new Date(event.scheduledTime),
    dryRun: event.dryRun ?? false,
    deadline,
    read: ({ onWarning }) => readUsers(client, { source: userSource, include: userInclude }, { deadline, onWarning }),
    onProgress: (progress) => logger.info("progress", { ...progress }),
  });
});
