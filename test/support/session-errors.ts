import type { ErrorCode } from "#runtime/errors";

/**
 * What ends a request before or while Exchange is asked, whatever it asks for. That the causes have these codes is proved
 * where a secret is read, a certificate opened, a session begun; here it is what comes of a message.
 */
export const sessionErrors = [
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
  "CLOCK_WRONG",
  "APP_ROLE_MISSING",
  "DIRECTORY_ROLE_MISSING",
  "SIGN_IN_REFUSED",
  "POWERSHELL_NOT_FOUND",
  "POWERSHELL_START_FAILED",
  "POWERSHELL_TIMEOUT",
  "POWERSHELL_GARBLED",
  "MODULE_UNUSABLE",
  "NOT_CONNECTED",
] as const satisfies readonly ErrorCode[];
