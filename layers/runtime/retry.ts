import { setTimeout as delay } from "node:timers/promises";
import { type ExchangeError, toExchangeError } from "#runtime/errors";
import { logger } from "#runtime/telemetry";

/** Decides whether something that failed is tried again. */
export type Attempts = {
  /** Waits before the next attempt, or throws what ended this one, counted from 0. */
  backoff(attempt: number, error: unknown): Promise<void>;
};

/** Exchange is left alone longer where it says that it is asked too much. */
const throttledFactor = 4;

/**
 * Attempts with about these pauses between them, until `signal` is aborted; only what may succeed later is tried again.
 * `explain` says what something thrown means.
 */
export function createAttempts(
  pausesMs: readonly number[],
  signal: AbortSignal,
  explain: (thrown: unknown) => ExchangeError = toExchangeError,
): Attempts {
  return {
    async backoff(attempt, thrown) {
      const error = explain(thrown);
      const usualMs = pausesMs[attempt];
      if (signal.aborted || usualMs === undefined || !error.retryable) throw thrown;
      const pauseMs = usualMs * (error.code === "THROTTLED" ? throttledFactor : 1) * (0.75 + Math.random() / 2);
      logger.warn("Read failed, trying again", { attempt: attempt + 1, pauseMs, code: error.code, error });
      await delay(pauseMs, undefined, { signal }).catch(() => {});
      signal.throwIfAborted();
    },
  };
}

/** What `read` answers, at the first attempt at which it does. */
export async function retry<Value>(attempts: Attempts, read: () => Promise<Value>): Promise<Value> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await read();
    } catch (error) {
      await attempts.backoff(attempt, error);
    }
  }
}
