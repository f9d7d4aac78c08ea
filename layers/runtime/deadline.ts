/** A moment after which an answer is of no use to anybody. `at` is in milliseconds since 1970, by the wall clock. */
export type Deadline = { readonly at: number };

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
