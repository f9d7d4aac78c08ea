import type { Received } from "#operations/attempt-operation";
import type { Work } from "#operations/ledger";
import { again, type BatchAnswer, done, isLastReceive } from "#operations/message";
import { openAttempt } from "#operations/open-attempt";
import type { OperationRequest } from "#operations/request";
import { retryPauseMs } from "#operations/retry-pause";
import { toExchangeError } from "#runtime/errors";

/** Resolves and checks everything. Claims nothing, so that the request can be made for good under the same id. */
export async function rehearse<Request extends OperationRequest, State extends Work>({
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
