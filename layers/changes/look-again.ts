import { setTimeout as delay } from "node:timers/promises";
import type { Attempt } from "#operations/skill";
import { remainingMs } from "#runtime/deadline";

/** Looks for what was changed, now and a little later: not everything can be read at once. Undefined where it is not seen. */
export async function lookAgain<Seen>(
  { readBackPausesMs, deadline }: Pick<Attempt<unknown>, "readBackPausesMs" | "deadline">,
  look: () => Promise<Seen | undefined>,
): Promise<Seen | undefined> {
  for (const pauseMs of readBackPausesMs) {
    const seen = await look();
    if (seen !== undefined || remainingMs(deadline) <= pauseMs) return seen;
    await delay(pauseMs);
  }
  return look();
}
