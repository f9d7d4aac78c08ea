import { createGroup } from "#operations/create-group/create-group";
import { handleMessage } from "#operations/handle-message";
import { messageEventSchema } from "#operations/message";
import { openContext } from "#operations/open-context";
import { createHandler } from "#runtime/handler";

/** "Create DL": carries out one message of its queue. */
export const handler = createHandler(messageEventSchema, async ({ Records: [message] }, { deadline }) =>
  handleMessage(message, createGroup, openContext(deadline)),
);
