import type { Failure } from "#local/functions/start-function";
import { ExchangeError } from "#runtime/errors";

/** An error of the command line's own, by its code where it has one. */
export function describeError(error: unknown): string {
  if (error instanceof ExchangeError) return `${error.code}: ${error.message}`;
  return error instanceof Error ? error.message : String(error);
}

/** How a function failed, as people read it. */
export function describeFailure(functionName: string, { code, message, retryable }: Failure): string {
  const advice = retryable
    ? "The same invocation may succeed later."
    : "The same invocation will fail again until this is put right.";
  return `${functionName} failed: ${code}\n  ${message.replaceAll("\n", "\n  ")}\n  ${advice} See docs/errors.md.`;
}
