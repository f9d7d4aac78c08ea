import { setTimeout as delay } from "node:timers/promises";
import { type Deadline, deadlineIn, earlier, remainingMs } from "#runtime/deadline";
import { type ErrorCode, toExchangeError } from "#runtime/errors";
import { logger } from "#runtime/telemetry";

/** What a question is answered with: the time there is, and when reading began. */
export type Attempt = { deadline: Deadline; asOf: string };

/** Somebody waits for the answer. */
const answerWithinMs = 25_000;

/** Between the attempts. */
const usualPausesMs = [300, 1_000, 2_000, 4_000, 8_000];

/** An attempt has to have time for a session of its own. */
const neededMs = 8_000;

/** Ends that say nothing of why there was no answer. */
const timeIsUp: ReadonlySet<ErrorCode> = new Set(["POWERSHELL_TIMEOUT", "DEADLINE_TOO_CLOSE"]);

/**
 * Answers a question that somebody waits for, within 25 s. What fails, and may succeed in a moment, is asked again from its
 * start while there is time; not so where Exchange says that it is asked too much. The error of a last attempt that found
 * no time is the one before it.
 */
export async function lookUp<Answer>(
  invocation: { deadline: Deadline },
  look: (attempt: Attempt) => Promise<Answer>,
  pausesMs: readonly number[] = usualPausesMs,
): Promise<Answer> {
  const deadline = earlier(invocation.deadline, deadlineIn(answerWithinMs));
  let lastKnown: unknown;
  for (const pauseMs of [...pausesMs, Number.POSITIVE_INFINITY]) {
    try {
      return await look({ deadline, asOf: new Date().toISOString() });
    } catch (thrown) {
      const error = toExchangeError(thrown);
      if (lastKnown === undefined || !timeIsUp.has(error.code)) lastKnown = thrown;
      const isWorthwhile = error.retryable && error.code !== "THROTTLED";
      if (!isWorthwhile || remainingMs(deadline) < pauseMs + neededMs) break;
      logger.warn("look up again", { code: error.code, pauseMs, error });
      await delay(pauseMs);
    }
  }
  throw lastKnown;
}
