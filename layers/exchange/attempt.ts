import { performance } from "node:perf_hooks";
import { classifyError } from "#exchange/classify-error";
import type { Access, Cmdlet } from "#exchange/cmdlet";
import { outcomeUnknown } from "#exchange/outcome-unknown";
import { CmdletError } from "#powershell/session";
import type { ExchangeEnvironmentName } from "#runtime/configuration";
import type { ErrorCode, ExchangeError } from "#runtime/errors";

/**
 * The module repeats a call by itself, a write too, and shows the last refusal only. It waits two seconds before it does:
 * a refusal that comes sooner is about the first try.
 */
const repeatedAfterMs = 1_500;

/**
 * Refusals that a first try would have met as well, so that it did nothing either; and that somebody is a member already,
 * which is true whoever did it. A name or address in use is none of them: a first try may have taken it.
 */
const settledHoweverOften: ReadonlySet<ErrorCode> = new Set([
  "ALREADY_MEMBER",
  "NOT_GROUP_MANAGER",
  "MASTERED_ON_PREMISES",
  "GROUP_TYPE_UNSUPPORTED",
  "CHANGE_REFUSED",
  "VALUE_REFUSED",
  "DOMAIN_NOT_ACCEPTED",
  "PARAMETERS_REJECTED",
  "COMMAND_NOT_PERMITTED",
]);

/** One call of a cmdlet, and what a failure of it means. */
export function createAttempt(
  { name, access }: Pick<Cmdlet<unknown, unknown, Access>, "name" | "access">,
  environmentName: ExchangeEnvironmentName,
) {
  const attempt = { cmdlet: name, access, environmentName };
  let sentAt: number | undefined;

  function explain(thrown: unknown): unknown {
    if (access === "write" && sentAt !== undefined) return explainWrite(thrown, performance.now() - sentAt);
    return thrown instanceof CmdletError ? classifyError(thrown, attempt) : thrown;
  }

  function explainWrite(thrown: unknown, tookMs: number): ExchangeError {
    if (!(thrown instanceof CmdletError)) return outcomeUnknown(name, String(thrown), thrown);
    const error = classifyError(thrown, attempt);
    const isAboutAll = tookMs < repeatedAfterMs || settledHoweverOften.has(error.code);
    return isAboutAll || error.code === "OUTCOME_UNKNOWN"
      ? error
      : outcomeUnknown(name, `After a possible repetition: ${error.message}`, error);
  }

  return {
    noteSent: () => {
      sentAt = performance.now();
    },
    /** The error to throw for what was thrown. */
    explain,
  };
}
