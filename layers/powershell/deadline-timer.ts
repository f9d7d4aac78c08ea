import { type Deadline, remainingMs } from "#runtime/deadline";

const longestTimeoutMs = 2 ** 31 - 1;

/** Calls `act` once when the deadline has passed by the wall clock, if need be at once. The answer calls it off. */
export function whenPassed(deadline: Deadline, act: () => void): () => void {
  let timer: NodeJS.Timeout | undefined;
  const check = (): void => {
    const leftMs = remainingMs(deadline);
    if (leftMs === 0) act();
    else timer = setTimeout(check, Math.min(leftMs, longestTimeoutMs));
  };
  check();
  return () => clearTimeout(timer);
}
