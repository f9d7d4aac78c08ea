import { fitResult, isTooLong } from "#operations/fit-result";
import { operationKey } from "#operations/ledger";
import type { Told } from "#operations/message";
import type { Surroundings } from "#operations/operation-type";
import { toMessageText } from "#operations/queues";
import { type Action, describeEnding, type Ending, type Result } from "#operations/result";
import type { ErrorCode, ExchangeError } from "#runtime/errors";

type Standing = { final: boolean; attempts: number };

/** Says what became of one request. */
export type Reporter = {
  /** The result as the text of a message. Where that is too long the whole is stored, and the text says so. */
  describe(ending: Ending, standing: Standing): Promise<string>;
  send(ending: Ending, standing: Standing): Promise<void>;
};

export function createReporter(action: Action, told: Told, { tenant, queues, store }: Surroundings): Reporter {
  const { operationId, requestedAt, requestedBy, dryRun } = told;

  async function describe(ending: Ending, { final, attempts }: Standing): Promise<string> {
    const endedAt = new Date().toISOString();
    const result: Result = {
      operationId,
      tenant,
      action,
      final,
      dryRun,
      ...ending,
      attempts,
      requestedAt,
      requestedBy,
      endedAt,
    };
    const text = toMessageText(result);
    if (!isTooLong(text)) return text;
    const kind = dryRun ? "dry-run.json" : final ? "result.json" : "notice.json";
    const wholeKey = operationId === null ? null : operationKey(operationId, kind);
    if (wholeKey !== null) await store.put(wholeKey, text, { contentType: "application/json" });
    return fitResult(result, toMessageText, wholeKey);
  }

  return { describe, send: async (ending, standing) => queues.sendResult(await describe(ending, standing)) };
}

/** The ending of a request of which nothing was begun. */
export function endWith(outcome: Ending["outcome"], { code, message, userMessage }: ExchangeError): Ending {
  return describeEnding({ outcome, error: { code, message }, userMessage });
}

/** What is said of an operation whose message goes to the dead-letter queue unless it ends after all. */
export function beingLookedInto(error?: ExchangeError): Ending {
  const code: ErrorCode = error?.code ?? "OUTCOME_UNKNOWN";
  const message = error?.message ?? "This is the last attempt. The message goes to the dead-letter queue if it fails.";
  const userMessage = "It is not known yet what came of this. It is being looked into.";
  return describeEnding({ outcome: "pending", error: { code, message }, userMessage });
}
