import { isLegacyCredential, legacyExplanation } from "#exchange/legacy-credential";
import { ExchangeError } from "#runtime/errors";

/** The JSON in a secret's text. `CREDENTIAL_INVALID` where there is none, `CREDENTIAL_LEGACY` where it is of the old kind. */
export function parseSecret(secretText: string): unknown {
  const secret = parseJson(secretText);
  if (isLegacyCredential(secret)) throw new ExchangeError("CREDENTIAL_LEGACY", legacyExplanation);
  return secret;
}

/** JSON.parse repeats the text in its error, so that error goes nowhere. */
function parseJson(secretText: string): unknown {
  try {
    return JSON.parse(secretText.replace(/^\uFEFF/, ""));
  } catch {
    if (isLegacyCredential(secretText)) throw new ExchangeError("CREDENTIAL_LEGACY", legacyExplanation);
    throw new ExchangeError(
      "CREDENTIAL_INVALID",
      'The secret is not JSON. Store {"app_id": "…", "tenant_domain": "…", "certificate": "…", "certificate_password": "…", ' +
        '"certificate_expires_on": "YYYY-MM-DD"}; a line break inside a value must go, or be written as \\n.',
    );
  }
}
