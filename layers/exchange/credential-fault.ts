import { type ErrorCode, ExchangeError } from "#runtime/errors";

/** Errors of a credential, and of what its app was given: one that is mended, or another one, does better. */
export const credentialFaults: ReadonlySet<ErrorCode> = new Set([
  "SECRET_NOT_FOUND",
  "SECRET_UNREADABLE",
  "CREDENTIAL_INVALID",
  "CREDENTIAL_LEGACY",
  "CERTIFICATE_NOT_PFX",
  "CERTIFICATE_PASSWORD_WRONG",
  "CERTIFICATE_WITHOUT_KEY",
  "CERTIFICATE_NOT_YET_VALID",
  "CERTIFICATE_EXPIRED",
  "CERTIFICATE_NOT_REGISTERED",
  "APP_NOT_FOUND",
  "TENANT_NOT_FOUND",
  "RESOURCE_NOT_FOUND",
  "APP_ROLE_MISSING",
  "DIRECTORY_ROLE_MISSING",
  "SIGN_IN_REFUSED",
]);

/** Whether the credential is to blame, and not trouble that passes. */
export function isCredentialFault(thrown: unknown): thrown is ExchangeError {
  return thrown instanceof ExchangeError && credentialFaults.has(thrown.code) && !thrown.retryable;
}
