import { type Deadline, remainingMs } from "#runtime/deadline";
import { ExchangeError } from "#runtime/exchange-error";

/** What setTimeout can wait at most; a longer wait would end at once. */
const longestTimerMs = 2 ** 31 - 1;

/** Aborted with `DEADLINE_TOO_CLOSE` as its reason when the deadline passes. `stopWatching` has to be called at the end. */
export function watchDeadline(deadline: Deadline): { signal: AbortSignal; stopWatching(): void } {
  const controller = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const check = (): void => {
    const leftMs = remainingMs(deadline);
    if (leftMs === 0) controller.abort(tooLate());
    else timer = setTimeout(check, Math.min(leftMs, longestTimerMs)).unref();
  };
  check();
  return { signal: controller.signal, stopWatching: () => clearTimeout(timer) };
}

function tooLate(): ExchangeError {
  return new ExchangeError(
    "DEADLINE_TOO_CLOSE",
    "The function's time ran out before the snapshot was whole. Nothing was published; what was published before stands.",
  );
}
