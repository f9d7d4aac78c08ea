import { ExchangeError } from "#runtime/errors";

/** A moment after which an answer is of no use to anybody. `at` is in milliseconds since 1970, by the wall clock. */
export type Deadline = { readonly at: number };

/** What setTimeout can wait at most; a longer wait would end at once. */
const longestTimerMs = 2 ** 31 - 1;

export function deadlineIn(durationMs: number): Deadline {
  return { at: Date.now() + durationMs };
}

/** Milliseconds left, never below 0. By the wall clock, because a Lambda environment freezes between invocations. */
export function remainingMs(deadline: Deadline): number {
  return Math.max(0, deadline.at - Date.now());
}

export function earlier(one: Deadline, other: Deadline): Deadline {
  return one.at <= other.at ? one : other;
}

/** Calls `act` once when the deadline has passed by the wall clock, if need be at once. The answer calls it off. */
export function whenPassed(deadline: Deadline, act: () => void): () => void {
  let timer: NodeJS.Timeout | undefined;
  const check = (): void => {
    const leftMs = remainingMs(deadline);
    if (leftMs === 0) act();
    else timer = setTimeout(check, Math.min(leftMs, longestTimerMs));
  };
  check();
  return () => clearTimeout(timer);
}

/** Aborted when the deadline passes, with what `tooLate` then says as its reason. `stopWatching` has to be called at the end. */
export function watchDeadline(deadline: Deadline, tooLate: () => ExchangeError) {
  const controller = new AbortController();
  const stopWatching = whenPassed(deadline, () => controller.abort(tooLate()));
  return { signal: controller.signal, stopWatching };
}

/** The promise's answer, or `DEADLINE_TOO_CLOSE` where it does not come in time. `waitingFor` ends the sentence. */
export async function withinDeadline<Value>(
  promise: Promise<Value>,
  deadline: Deadline,
  waitingFor: string,
): Promise<Value> {
  const { promise: tooLate, reject } = Promise.withResolvers<never>();
  const callOff = whenPassed(deadline, () =>
    reject(new ExchangeError("DEADLINE_TOO_CLOSE", `The time ran out while waiting for ${waitingFor}.`)),
  );
  try {
    return await Promise.race([promise, tooLate]);
  } finally {
    callOff();
  }
}
