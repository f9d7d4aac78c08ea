import type { Work } from "#operations/ledger";
import {
  again,
  type BatchAnswer,
  done,
  isLastReceive,
  type Message,
  type OperationRequest,
  parseRequest,
  retryPauseMs,
  type Told,
  toldBy,
} from "#operations/message";
import type { Skill, Surroundings } from "#operations/operation-type";
import { createReporter, endWith } from "#operations/report";
import { attemptOperation, openAttempt, type Received } from "#operations/run-attempt";
import { ExchangeError, toExchangeError } from "#runtime/errors";
import { logger } from "#runtime/telemetry";

/**
 * Carries out the request of one message, once, however often it comes: claims its operation, lets the skill go on from what
 * was kept, stores the result, sends it. Whoever calls deletes the message unless the answer names it.
 */
export async function handleMessage<Request extends OperationRequest, State extends Work>(
  message: Message,
  skill: Skill<Request, State>,
  surroundings: Surroundings,
): Promise<BatchAnswer> {
  const parsed = parseRequest(message.body, skill.requestSchema);
  if ("problem" in parsed) return refuse(message, parsed, skill, surroundings);
  const { request } = parsed;
  const reporter = createReporter(skill.action, toldBy(request), surroundings);
  const carryOut = request.dryRun ? rehearse : attemptOperation;
  return carryOut({ message, request, skill, surroundings, reporter });
}

/** A message that was not understood ends no operation and binds no id: the same id may come again with one that is right. */
async function refuse<Request extends OperationRequest, State extends Work>(
  { messageId }: Message,
  { problem, told }: { problem: string; told: Told },
  { action }: Skill<Request, State>,
  surroundings: Surroundings,
): Promise<BatchAnswer> {
  logger.error("A request was not understood", { messageId, problem });
  const ending = endWith("rejected", new ExchangeError("EVENT_INVALID", problem));
  await createReporter(action, told, surroundings).send(ending, { final: false, attempts: 0 });
  return done;
}

/** Resolves and checks everything. Claims nothing, so that the request can be made for good under the same id. */
async function rehearse<Request extends OperationRequest, State extends Work>({
  message,
  request,
  skill,
  surroundings,
  reporter,
}: Received<Request, State>): Promise<BatchAnswer> {
  const state = skill.begin(request);
  const attempt = openAttempt({ surroundings, reporter, state, number: 1 });
  const ending = await skill.perform(request, { ...attempt, isDryRun: true, keep: async () => {} }).catch((thrown) => {
    const error = toExchangeError(thrown);
    if (error.retryable && !isLastReceive(message)) return undefined;
    return skill.giveUp(request, state, error);
  });
  if (ending === undefined) {
    await surroundings.queues.hide(message, retryPauseMs(message));
    return again(message);
  }
  await reporter.send(ending, { final: true, attempts: 1 });
  return done;
}
