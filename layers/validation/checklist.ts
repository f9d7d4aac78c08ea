import { explainError } from "#exchange/errors/classify";
import { CmdletError } from "#powershell/calls";
import type { ExchangeEnvironmentName } from "#runtime/configuration";
import { type Advice, type ErrorCode, ExchangeError } from "#runtime/errors";
import type { Check } from "#validation/validation";

/** Without PowerShell nothing can be checked: the validation itself fails. */
const fatal: ReadonlySet<ErrorCode> = new Set(["POWERSHELL_NOT_FOUND", "POWERSHELL_START_FAILED"]);

/** What an error means for the check it was thrown in. Throws it where it means that nothing can be checked. */
export function explainThrown(thrown: unknown, environmentName: ExchangeEnvironmentName): Finding<never> {
  if (thrown instanceof CmdletError) {
    const { code, advice, words } = explainError(thrown, environmentName);
    return failWith({ ...advice, what: `${advice.what} The answer was: ${words}` }, code);
  }
  if (!(thrown instanceof ExchangeError) || fatal.has(thrown.code)) throw thrown;
  const { code, message, advice, retryable, cause } = thrown;
  if (code === "POWERSHELL_EXITED" && cause instanceof ExchangeError) return skip("PowerShell had ended before it");
  if (retryable) return fail(message, `Validate again. Where it stays so, docs/errors.md has more on ${code}.`, code);
  return failWith(advice, code);
}

/** What came of a check for the ones that need it: its value, or the name of the check because of which there is none. */
export type Outcome<Value> = { value: Value } | { missing: string };

type ValuesOf<Needs extends readonly Outcome<unknown>[]> = {
  [Index in keyof Needs]: Needs[Index] extends Outcome<infer Value> ? Value : never;
};

export type Checklist = {
  /** Every check so far, in order. */
  readonly checks: readonly Check[];
  /**
   * Makes a check with the values of those it needs. Where one of them has none it is not made, but skipped. What `make`
   * throws is a failed check.
   */
  check<const Needs extends readonly Outcome<unknown>[], Value>(
    name: string,
    needs: Needs,
    make: (...values: ValuesOf<Needs>) => Finding<Value> | Promise<Finding<Value>>,
  ): Promise<Outcome<Value>>;
};

/** `explain` says what a thrown error means for the check it was thrown in, or throws it where nothing can be checked. */
export function createChecklist(explain: (thrown: unknown) => Finding<never>): Checklist {
  const checks: Check[] = [];
  return {
    checks,
    check: async (name, needs, make) => {
      const missing = needs.map((need) => ("missing" in need ? need.missing : undefined)).find(Boolean);
      const { outcome, ...line } = missing === undefined ? await find(needs, make) : skip(`needs ${missing}`);
      checks.push({ name, ...line });
      return outcome ?? { missing: missing ?? name };
    },
  };

  async function find<Needs extends readonly Outcome<unknown>[], Value>(
    needs: Needs,
    make: (...values: ValuesOf<Needs>) => Finding<Value> | Promise<Finding<Value>>,
  ): Promise<Finding<Value>> {
    try {
      const values = needs.map((need) => ("value" in need ? need.value : undefined));
      return await make(...(values as ValuesOf<Needs>));
    } catch (thrown) {
      return explain(thrown);
    }
  }
}

/** What a check has found, with the value that later checks need. */
export type Finding<Value> = Omit<Check, "name"> & { outcome?: { value: Value } };

export function pass<Value>(value: Value, found: string): Finding<Value> {
  return { status: "pass", found, fix: null, code: null, outcome: { value } };
}

/** Works, and somebody should do something about it. */
export function warn<Value>(value: Value, found: string, fix: string): Finding<Value> {
  return { status: "warn", found, fix, code: null, outcome: { value } };
}

/** `code` is what the gateway's functions fail with because of it, if they do. */
export function fail(found: string, fix: string, code: ErrorCode | null = null): Finding<never> {
  return { status: "fail", found, fix, code };
}

/** The same by what is said of an error. */
export function failWith({ what, fix = "docs/errors.md says more." }: Advice, code: ErrorCode): Finding<never> {
  return fail(what, fix, code);
}

/** It was not made. `reason` ends the sentence. */
export function skip(reason: string): Finding<never> {
  return { status: "skipped", found: `skipped: ${reason}`, fix: null, code: null };
}
