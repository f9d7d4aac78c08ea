import type { ExchangeClient } from "#exchange/client";
import type { Reporter } from "#operations/report";
import type { Ending } from "#operations/result";
import type { Attempt } from "#operations/skill";
import type { Surroundings } from "#operations/surroundings";
import { remainingMs } from "#runtime/deadline";
import { createAttempts } from "#runtime/retry";
import { logger } from "#runtime/telemetry";

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
  return {
    client: repeatReads(client, readBackPausesMs),
    ...{ store, deadline, readBackPausesMs, state, number, isDryRun: false, tell },
  };
}

/** A read needs so much time to be worth another try, its pause included. */
const neededMs = 30_000;

/**
 * Reads by the module's own cmdlets are tried again where nothing of them has come: the module does not. Those that Exchange
 * serves repeat by themselves.
 */
function repeatReads(client: ExchangeClient, pausesMs: readonly number[]): ExchangeClient {
  const attempts = createAttempts(pausesMs, new AbortController().signal);
  return {
    start: () => client.start(),
    write: (...call) => client.write(...call),
    close: () => client.close(),
    get connection() {
      return client.connection;
    },
    async *read(cmdlet, parameters, options) {
      for (let attempt = 0; ; attempt += 1) {
        let hasAnswered = false;
        try {
          for await (const row of client.read(cmdlet, parameters, options)) {
            hasAnswered = true;
            yield row;
          }
          return;
        } catch (error) {
          const isWorthwhile = cmdlet.home === "module" && !hasAnswered && remainingMs(options.deadline) > neededMs;
          if (!isWorthwhile) throw error;
          await attempts.pauseOrThrow(attempt, error);
        }
      }
    },
  };
}
