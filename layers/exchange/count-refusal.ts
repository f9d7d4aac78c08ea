import { isCredentialFault } from "#exchange/credential-fault";
import { ExchangeError } from "#runtime/errors";
import { recordMetric } from "#runtime/telemetry";

/** Counts a call that failed because the credential or its app was refused, or because the tenant has too many under way. */
export function countRefusal(thrown: unknown): void {
  if (!(thrown instanceof ExchangeError)) return;
  const { code, cause } = thrown;
  if (isCredentialFault(thrown)) recordMetric("SignInRefused", 1);
  else if (code === "THROTTLED") recordMetric("Throttled", 1);
  else countRefusal(cause);
}
