import type { Ending } from "#operations/result";

/** An ending of which nothing is to be said beside what is given. */
export function describeEnding(said: Pick<Ending, "outcome" | "userMessage"> & Partial<Ending>): Ending {
  return { error: null, group: null, members: [], candidates: [], audience: null, ...said };
}
