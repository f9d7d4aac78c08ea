import { setTimeout as delay } from "node:timers/promises";
import { type Deadline, deadlineIn, earlier, remainingMs } from "#runtime/deadline";
import { toExchangeError } from "#runtime/exchange-error";
import { logger } from "#runtime/logger";

/** What a question is answered with: the time there is, and when reading began. */
export type Attempt = { deadline: Deadline; asOf: string };

/** Somebody waits for the answer; the module alone would repeat a failing request for a minute. */
const answerWithinMs = 25_000;

/** A second attempt has to have time for a session of its own. */
const neededAgainMs = 12_000;
const pauseMs = 300;

/**
 * Answers a question that somebody waits for, within 25 s. What fails soon, and may succeed on another session, is asked once
 * more from its start; not so where Exchange says that it is asked too much.
 */
export async function lookUp<Answer>(
  invocation: { deadline: Deadline },
  look: (attempt: Attempt) => Promise<Answer>,
): Promise<Answer> {
  const deadline = earlier(invocation.deadline, deadlineIn(answerWithinMs));
  const attempt = () => look({ deadline, asOf: new Date().toISOString() });
  try {
    return await attempt();
  } catch (thrown) {
    const error = toExchangeError(thrown);
    const isWorthwhile = error.retryable && error.code !== "THROTTLED";
    if (!isWorthwhile || remainingMs(deadline) < neededAgainMs) throw thrown;
    logger.warn("look up again", { code: error.code, error });
    await delay(pauseMs);
    return attempt();
  }
}
