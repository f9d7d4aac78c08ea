import { createGroup } from "#changes/create-group";
import { handleMessage } from "#changes/handle-message";
import { messageEventSchema } from "#changes/message";
import { openChanges } from "#changes/open-changes";
import { createHandler } from "#runtime/handler";

/** "Create DL": carries out one message of its queue. */
export const handler = createHandler(messageEventSchema, async ({ Records: [message] }, { deadline }) =>
  handleMessage(message, createGroup, openChanges(deadline)),
);
