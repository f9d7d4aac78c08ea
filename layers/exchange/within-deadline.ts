import { type Deadline, remainingMs } from "#runtime/deadline";
import { ExchangeError } from "#runtime/exchange-error";

/** What setTimeout can wait at most; a longer wait would end at once. */
const longestTimerMs = 2 ** 31 - 1;

/** The promise's answer, or `DEADLINE_TOO_CLOSE` where it does not come in time. `waitingFor` ends the sentence. */
export async function withinDeadline<Value>(
  promise: Promise<Value>,
  deadline: Deadline,
  waitingFor: string,
): Promise<Value> {
  const { promise: tooLate, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => reject(new ExchangeError("DEADLINE_TOO_CLOSE", `The time ran out while waiting for ${waitingFor}.`)),
    Math.min(remainingMs(deadline), longestTimerMs),
  );
  try {
    return await Promise.race([promise, tooLate]);
  } finally {
    clearTimeout(timer);
  }
}
