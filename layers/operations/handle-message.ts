import type { Work } from "#operations/ledger";
import {
  ack,
  type BatchAnswer,
  envelopeOf,
  isLastReceive,
  type Message,
  type OperationRequest,
  parseRequest,
  type RequestEnvelope,
  retryLater,
  retryPauseMs,
} from "#operations/message";
import type { OperationContext, OperationDefinition } from "#operations/operation-type";
import { createReporter, endWith, noteServiceTrouble } from "#operations/report";
import { attemptOperation, openAttempt, type Received } from "#operations/run-attempt";
import { ExchangeError, toExchangeError } from "#runtime/errors";
import { logger } from "#runtime/telemetry";

/**
 * Carries out the request of one message, once, however often it comes: claims its operation, lets it go on from what
 * was kept, stores the result, sends it. Whoever calls deletes the message unless the answer names it.
 */
export async function handleMessage<Request extends OperationRequest, State extends Work>(
  message: Message,
  definition: OperationDefinition<Request, State>,
  context: OperationContext,
): Promise<BatchAnswer> {
  const parsed = parseRequest(message.body, definition.requestSchema);
  if ("problem" in parsed) return refuse(message, parsed, definition, context);
  const { request } = parsed;
  const reporter = createReporter(definition.action, envelopeOf(request), context);
  const carryOut = request.dryRun ? rehearse : attemptOperation;
  return carryOut({ message, request, definition, context, reporter });
}

/** A message that was not understood ends no operation and binds no id: the same id may come again with one that is right. */
async function refuse<Request extends OperationRequest, State extends Work>(
  { messageId }: Message,
  { problem, envelope }: { problem: string; envelope: RequestEnvelope },
  { action }: OperationDefinition<Request, State>,
  context: OperationContext,
): Promise<BatchAnswer> {
  logger.error("Request could not be understood", { messageId, problem });
  const body = endWith(new ExchangeError("EVENT_INVALID", problem));
  await createReporter(action, envelope, context).send(body, { final: false, attempts: 0 });
  return ack;
}

/** Resolves and checks everything. Claims nothing, so that the request can be made for good under the same id. */
async function rehearse<Request extends OperationRequest, State extends Work>({
  message,
  request,
  definition,
  context,
  reporter,
}: Received<Request, State>): Promise<BatchAnswer> {
  const state = definition.begin(request);
  const attempt = openAttempt({ context, reporter, state, number: 1 });
  const body = await definition
    .perform(request, { ...attempt, isDryRun: true, keep: async () => {} })
    .catch((thrown) => {
      const error = toExchangeError(thrown);
      if (error.retryable && !isLastReceive(message)) return undefined;
      return definition.onFailure(request, state, error);
    });
  if (body === undefined) {
    await context.queues.hide(message, retryPauseMs(message));
    return retryLater(message);
  }
  noteServiceTrouble(request.operationId, body);
  await reporter.send(body, { final: true, attempts: 1 });
  return ack;
}
