import { addGroupMembers } from "#changes/add-group-members";
import { handleMessage } from "#changes/handle-message";
import { messageEventSchema } from "#changes/message";
import { openChanges } from "#changes/open-changes";
import { createHandler } from "#runtime/handler";

/** "Add to DL": carries out one message of its queue. */
export const handler = createHandler(messageEventSchema, async ({ Records: [message] }, { deadline }) =>
  handleMessage(message, addGroupMembers, openChanges(deadline)),
);
