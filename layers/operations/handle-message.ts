import { attemptOperation } from "#operations/attempt-operation";
import type { Work } from "#operations/ledger";
import { type BatchAnswer, done, type Message } from "#operations/message";
import { parseRequest, toldBy } from "#operations/parse-request";
import { rehearse } from "#operations/rehearse";
import { createReporter, endWith } from "#operations/report";
import type { OperationRequest } from "#operations/request";
import type { Skill } from "#operations/skill";
import type { Surroundings } from "#operations/surroundings";
import { ExchangeError } from "#runtime/exchange-error";
import { logger } from "#runtime/logger";

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
  if ("problem" in parsed) {
    logger.error("A request was not understood", { messageId: message.messageId, problem: parsed.problem });
    const ending = endWith("rejected", new ExchangeError("EVENT_INVALID", parsed.problem));
    await createReporter(skill.action, parsed.told, surroundings).send(ending, { final: true, attempts: 0 });
    return done;
  }
  const { request } = parsed;
  const reporter = createReporter(skill.action, toldBy(request), surroundings);
  const carryOut = request.dryRun ? rehearse : attemptOperation;
  return carryOut({ message, request, skill, surroundings, reporter });
}
