import type { ErrorCode } from "#runtime/errors";
import type { Check } from "#validation/validation";

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

/** It was not made. `reason` ends the sentence. */
export function skip(reason: string): Finding<never> {
  return { status: "skipped", found: `skipped: ${reason}`, fix: null, code: null };
}
