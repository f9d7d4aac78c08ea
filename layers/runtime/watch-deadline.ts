import { type Deadline, remainingMs } from "#runtime/deadline";
import type { ExchangeError } from "#runtime/exchange-error";

/** What setTimeout can wait at most; a longer wait would end at once. */
const longestTimerMs = 2 ** 31 - 1;

/** Aborted when the deadline passes, with what `tooLate` then says as its reason. `stopWatching` has to be called at the end. */
export function watchDeadline(deadline: Deadline, tooLate: () => ExchangeError) {
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
