import { sharedClient } from "#exchange/shared-client";
import { checkAccess, listGroupMembersEventSchema, listMembers, storeLarge } from "#lookups/list-group-members";
import { lookUp } from "#lookups/look-up";
import { toLog } from "#lookups/to-log";
import { readConfiguration } from "#runtime/configuration";
import { createHandler } from "#runtime/handler";
import { createObjectStore } from "#storage/object-store";

/** Says who is in a distribution list, or with `member` whether somebody is. */
export const handler = createHandler(
  listGroupMembersEventSchema,
  async ({ group, member, ...bounds }, invocation) => {
    const { bucket, ...connection } = readConfiguration();
    const client = sharedClient(connection);
    client.start();

    if (member !== undefined) {
      return lookUp(invocation, (attempt) => checkAccess(client, { group, member }, attempt));
    }
    const answer = await lookUp(invocation, (attempt) => listMembers(client, { group, ...bounds }, attempt));
    return "members" in answer ? storeLarge(createObjectStore({ bucket }), answer) : answer;
  },
  { toLog },
);
