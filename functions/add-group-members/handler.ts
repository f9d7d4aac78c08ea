import { addGroupMembers } from "#operations/add-group-members/add-group-members";
import { handleMessage } from "#operations/handle-message";
import { messageEventSchema } from "#operations/message";
import { openContext } from "#operations/open-context";
import { createHandler } from "#runtime/handler";

/** "Add to DL": carries out one message of its queue. */
export const handler = createHandler(messageEventSchema, async ({ Records: [message] }, { deadline }) =>
  handleMessage(message, addGroupMembers, openContext(deadline)),
);
