import { parseSecret } from "#exchange/parse-secret";
import { parsePfx } from "#exchange/pfx";
import { secretProblems, secretSchema } from "#exchange/secret-schema";
import type { ExchangeEnvironmentName } from "#runtime/configuration";
import { ExchangeError } from "#runtime/errors";

/** What an app signs in to Exchange Online with. */
export type Credential = {
  appId: string;
  tenantDomain: string;
  /** The PFX, base64 without white space. */
  certificate: string;
  certificatePassword: string;
  /** What the customer wrote; a date alone is its beginning in UTC. The certificate itself says when it really ends. */
  certificateExpiresOn: Date;
};

/**
 * The credential in a secret's text, JSON with exactly five names: app_id, tenant_domain, certificate,
 * certificate_password, certificate_expires_on. `CREDENTIAL_INVALID` names every field that is wrong, `CREDENTIAL_LEGACY`
 * a user name and password, `CERTIFICATE_NOT_PFX` a certificate in another form. No message holds a value.
 */
export function parseCredential(secretText: string, environmentName: ExchangeEnvironmentName): Credential {
  const parsed = secretSchema(environmentName).safeParse(parseSecret(secretText));
  if (!parsed.success) {
    const problems = secretProblems(parsed.error).map((problem) => `- ${problem}`);
    throw new ExchangeError("CREDENTIAL_INVALID", `The secret is not a credential:\n${problems.join("\n")}`);
  }
  return {
    appId: parsed.data.app_id,
    tenantDomain: parsed.data.tenant_domain,
    certificate: parsePfx(parsed.data.certificate),
    certificatePassword: parsed.data.certificate_password,
    certificateExpiresOn: parsed.data.certificate_expires_on,
  };
}
