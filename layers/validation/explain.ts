import { explainError } from "#exchange/errors/classify";
import { CmdletError } from "#powershell/calls";
import type { ExchangeEnvironmentName } from "#runtime/configuration";
import { type ErrorCode, ExchangeError } from "#runtime/errors";
import { type Finding, fail, skip } from "#validation/finding";

/** Without PowerShell nothing can be checked: the validation itself fails. */
const fatal: ReadonlySet<ErrorCode> = new Set(["POWERSHELL_NOT_FOUND", "POWERSHELL_START_FAILED"]);

/** What an error means for the check it was thrown in. Throws it where it means that nothing can be checked. */
export function explainThrown(thrown: unknown, environmentName: ExchangeEnvironmentName): Finding<never> {
  if (thrown instanceof CmdletError) {
    const { code, sentence, words } = explainError(thrown, environmentName);
    const { what, advice } = splitAdvice(sentence);
    return fail(`${what} The answer was: ${words}`, advice, code);
  }
  if (!(thrown instanceof ExchangeError) || fatal.has(thrown.code)) throw thrown;
  const { code, message, retryable, cause } = thrown;
  if (code === "POWERSHELL_EXITED" && cause instanceof ExchangeError) return skip("PowerShell had ended before it");
  if (retryable) return fail(message, `Validate again. Where it stays so, docs/errors.md has more on ${code}.`, code);
  const { what, advice } = splitAdvice(message);
  return fail(what, advice, code);
}

/** Texts of the gateway say in their first sentence what happened, and from the second on what to do. */
export function splitAdvice(text: string): { what: string; advice: string } {
  const [, what, advice] = /^(.+?\.)\s+([^a-z].*)$/s.exec(text) ?? [];
  return what === undefined || advice === undefined
    ? { what: text, advice: "docs/errors.md says more." }
    : { what, advice };
}
