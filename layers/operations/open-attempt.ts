import type { Reporter } from "#operations/report";
import type { Ending } from "#operations/result";
import type { Attempt } from "#operations/skill";
import type { Surroundings } from "#operations/surroundings";
import { logger } from "#runtime/logger";

const usualReadBackPausesMs = [500, 1_000, 2_000, 4_000];

type Opening<State> = { surroundings: Surroundings; reporter: Reporter; state: State; number: number };

/** An attempt that goes on from this state, for good unless it is made a rehearsal. */
export function openAttempt<State>(opening: Opening<State>): Omit<Attempt<State>, "keep"> {
  const { surroundings, reporter, state, number } = opening;
  const { client, store, deadline, readBackPausesMs = usualReadBackPausesMs } = surroundings;
  const tell = async (ending: Ending) => {
    await reporter.send(ending, { final: false, attempts: number }).catch((error: Error) => {
      logger.warn("A notice could not be sent", { error });
    });
  };
  return { client, store, deadline, readBackPausesMs, state, number, isDryRun: false, tell };
}
