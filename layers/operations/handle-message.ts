import { attemptOperation } from "#operations/attempt-operation";
import type { Work } from "#operations/ledger";
import { type BatchAnswer, done, type Message } from "#operations/message";
import { parseRequest, type Told, toldBy } from "#operations/parse-request";
import { rehearse } from "#operations/rehearse";
import { createReporter, endWith } from "#operations/report";
import type { OperationRequest } from "#operations/request";
import type { Skill } from "#operations/skill";
import type { Surroundings } from "#operations/surroundings";
import { ExchangeError } from "#runtime/errors";
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
