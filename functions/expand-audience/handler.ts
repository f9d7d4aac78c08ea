import { expandAudience } from "#operations/expand-audience/expand-audience";
import { handleMessage } from "#operations/handle-message";
import { messageEventSchema } from "#operations/message";
import { openContext } from "#operations/open-context";
import { createHandler } from "#runtime/handler";

/** Lists everybody in a group: carries out one message of its queue. */
export const handler = createHandler(messageEventSchema, async ({ Records: [message] }, { deadline }) =>
  handleMessage(message, expandAudience, openContext(deadline)),
);
