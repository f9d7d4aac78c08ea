import type { ErrorCode } from "#runtime/error-codes";
import { ExchangeError } from "#runtime/exchange-error";

/** Answers after which a session signs in again, because its token or its rights are not what they should be. */
const signInLost: ReadonlySet<ErrorCode> = new Set([
  "NOT_CONNECTED",
  "CERTIFICATE_NOT_REGISTERED",
  "CERTIFICATE_EXPIRED",
  "APP_NOT_FOUND",
  "TENANT_NOT_FOUND",
  "RESOURCE_NOT_FOUND",
  "CLOCK_WRONG",
  "APP_ROLE_MISSING",
  "DIRECTORY_ROLE_MISSING",
  "SIGN_IN_REFUSED",
  "SIGN_IN_FAILED",
  "COMMAND_NOT_PERMITTED",
  "PARAMETER_NOT_PERMITTED",
]);

/** Whether the next call has to sign in anew after this one. */
export function hasLostSignIn(thrown: unknown): boolean {
  if (!(thrown instanceof ExchangeError)) return false;
  return signInLost.has(thrown.code) || hasLostSignIn(thrown.cause);
}
