import { fitResult, isTooLong } from "#operations/fit-result";
import { operationKey } from "#operations/ledger";
import type { RequestEnvelope } from "#operations/message";
import type { OperationContext } from "#operations/operation-type";
import { toMessageText } from "#operations/queues";
import { type Action, outcomeOfError, type Result, type ResultBody, toResultBody } from "#operations/result";
import { type ErrorCode, type ExchangeError, errorCodes } from "#runtime/errors";
import { logger, recordMetric } from "#runtime/telemetry";

type ResultMeta = { final: boolean; attempts: number };

/** Says what became of one request. */
export type Reporter = {
  /** The result as the text of a message. Where that is too long the whole is stored, and the text says so. */
  describe(body: ResultBody, meta: ResultMeta): Promise<string>;
  send(body: ResultBody, meta: ResultMeta): Promise<void>;
};

export function createReporter(
  action: Action,
  envelope: RequestEnvelope,
  { tenant, queues, store }: OperationContext,
): Reporter {
  const { operationId, requestedAt, requestedBy, dryRun } = envelope;

  async function describe(body: ResultBody, { final, attempts }: ResultMeta): Promise<string> {
    const endedAt = new Date().toISOString();
    const { members = [], audience = null, ...said } = body;
    const common = { version: 1, operationId, tenant, final, dryRun, ...said } as const;
    const record = { attempts, requestedAt, requestedBy, endedAt };
    const result: Result =
      action === "expand-audience"
        ? { ...common, action, audience, ...record }
        : { ...common, action, members, ...record };
    const text = toMessageText(result);
    if (!isTooLong(text)) return text;
    const kind = dryRun ? "dry-run.json" : final ? "result.json" : "notice.json";
    const wholeKey = operationId === null ? null : operationKey(operationId, kind);
    if (wholeKey !== null) await store.put(wholeKey, text, { contentType: "application/json" });
    return fitResult(result, toMessageText, wholeKey);
  }

  return { describe, send: async (body, meta) => queues.sendResult(await describe(body, meta)) };
}

/** The result of a request of which nothing was begun. */
export function endWith({ code, message, userMessage }: ExchangeError): ResultBody {
  return toResultBody({ outcome: outcomeOfError(code), error: { code, message }, userMessage });
}

/** Lets the people who run the gateway hear of what an operation ended with that only they can mend. */
export function noteServiceTrouble(operationId: string, { error, members = [] }: ResultBody): void {
  const errors = [error, ...members.map((member) => member.error)].filter((each) => each !== null);
  const ours = errors.filter(({ code }) => errorCodes[code].trouble === "service");
  if (ours.length === 0) return;
  const codes = [...new Set(ours.map(({ code }) => code))];
  logger.error("Operation ended by the service's own trouble", { operationId, codes, message: ours[0]?.message });
  recordMetric("ServiceTrouble", 1);
}

/** What is said of an operation whose message goes to the dead-letter queue unless it ends after all. */
export function beingLookedInto(error?: ExchangeError): ResultBody {
  const code: ErrorCode = error?.code ?? "OUTCOME_UNKNOWN";
  const message = error?.message ?? "This is the last attempt. The message goes to the dead-letter queue if it fails.";
  const userMessage = "It is not known yet what came of this. It is being looked into.";
  return toResultBody({ outcome: "pending", error: { code, message }, userMessage });
}
