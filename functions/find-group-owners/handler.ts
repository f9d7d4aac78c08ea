import { sharedClient } from "#exchange/shared-client";
import { findGroupOwners, findGroupOwnersEventSchema } from "#lookups/find-group-owners";
import { lookUp } from "#lookups/look-up";
import { toLog } from "#lookups/to-log";
import { readConfiguration } from "#runtime/configuration";
import { createHandler } from "#runtime/handler";

/** Says who owns a distribution list, who of them can be asked, and whether joining has to be approved. */
export const handler = createHandler(
  findGroupOwnersEventSchema,
  async (event, invocation) => {
    const client = sharedClient(readConfiguration());
    client.start();
    return lookUp(invocation, (attempt) => findGroupOwners(client, event, attempt));
  },
  { toLog },
);
