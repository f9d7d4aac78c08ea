import { type Deadline, remainingMs } from "#runtime/deadline";
import { ExchangeError } from "#runtime/exchange-error";

/** What setTimeout can wait at most; a longer wait would end at once. */
const longestTimerMs = 2 ** 31 - 1;

/**
 * Aborted with `DEADLINE_TOO_CLOSE` as its reason when the deadline passes; `describeProgress` then says how far things are.
 * `stopWatching` has to be called at the end.
 */
export function watchDeadline(deadline: Deadline, describeProgress: () => string) {
  const controller = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const check = (): void => {
    const leftMs = remainingMs(deadline);
    if (leftMs === 0) controller.abort(tooLate(describeProgress()));
    else timer = setTimeout(check, Math.min(leftMs, longestTimerMs)).unref();
  };
  check();
  return { signal: controller.signal, stopWatching: () => clearTimeout(timer) };
}

function tooLate(progress: string): ExchangeError {
  return new ExchangeError(
    "DEADLINE_TOO_CLOSE",
    `The function's time ran out: ${progress} Nothing was published; what was published before stands. Give the function ` +
      "a longer time-out, or more memory, with which it also gets more CPU.",
  );
}
