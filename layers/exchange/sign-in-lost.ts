import { credentialFaults, isCredentialFault } from "#exchange/credential-fault";
import { type ErrorCode, ExchangeError } from "#runtime/errors";

/** Answers after which a session signs in again, because its token or its rights are not what they should be. */
const signInLost: ReadonlySet<ErrorCode> = new Set([
  ...credentialFaults,
  "NOT_CONNECTED",
  "CLOCK_WRONG",
  "COMMAND_NOT_PERMITTED",
  "PARAMETER_NOT_PERMITTED",
]);

/** Whether the next call has to sign in anew after this one. */
export function hasLostSignIn(thrown: unknown): boolean {
  if (!(thrown instanceof ExchangeError)) return false;
  return signInLost.has(thrown.code) || hasLostSignIn(thrown.cause);
}

/**
 * Whether a call was refused for the session's sign-in alone, so that it may go through once signed in anew. A write did
 * nothing then: where that is not certain, its error is `OUTCOME_UNKNOWN`.
 */
export function isSignInRefused(thrown: unknown): boolean {
  return isCredentialFault(thrown) || (thrown instanceof ExchangeError && thrown.code === "NOT_CONNECTED");
}
