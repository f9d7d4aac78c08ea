import { type ErrorCode, errorCodes } from "#runtime/error-codes";
import { visibleText } from "#runtime/visible-text";

type Options = { cause?: unknown; retryable?: boolean };

/**
 * The one error of the gateway. `message` is for the people who run it: what happened and what to do, never a secret, and
 * nothing that moves a cursor: Lambda logs it too.
 * `name` is the code too, because Lambda shows an error's name as its type. `userMessage` is a sentence an employee
 * understands. `retryable` says whether the same request may succeed later.
 */
export class ExchangeError extends Error {
  readonly code: ErrorCode;
  readonly retryable: boolean;
  readonly userMessage: string;

  constructor(code: ErrorCode, message: string, { cause, retryable }: Options = {}) {
    super(visibleText(message), cause === undefined ? undefined : { cause });
    this.name = code;
    this.code = code;
    this.retryable = retryable ?? errorCodes[code].retryable;
    this.userMessage = errorCodes[code].userMessage;
  }
}

/** Any thrown value as an ExchangeError: itself, or `UNEXPECTED` with the value as its cause. */
export function toExchangeError(thrown: unknown): ExchangeError {
  if (thrown instanceof ExchangeError) return thrown;
  const message = thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : String(thrown);
  return new ExchangeError("UNEXPECTED", message, { cause: thrown });
}
