import { z } from "zod";
import { isLegacyCredential, legacyExplanation } from "#exchange/legacy-credential";
import { parsePfx } from "#exchange/pfx";
import { ExchangeError } from "#runtime/exchange-error";

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

const guid = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i;
const domain = /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]$/i;

const isoDate = z.union([z.iso.date(), z.iso.datetime({ offset: true }), z.iso.datetime({ local: true })]);

/** A field that must be text. None of these messages repeats the value. */
function text(advice: string) {
  return z.string({
    error: (issue) => (issue.input === undefined ? `is missing. ${advice}` : `must be text. ${advice}`),
  });
}

const appIdAdvice = "Give the application (client) ID that Microsoft Entra ID shows for the app, a GUID.";
const domainAdvice = "Give the tenant's domain, such as contoso.onmicrosoft.com.";
const dateAdvice = "Give the day the certificate ends as YYYY-MM-DD.";

const secretSchema = z.strictObject({
  app_id: text(appIdAdvice).trim().regex(guid, `is not a GUID. ${appIdAdvice}`),
  tenant_domain: text(domainAdvice)
    .trim()
    .toLowerCase()
    .refine((value) => !value.includes("/"), { error: `is a URL. ${domainAdvice}`, abort: true })
    .refine((value) => !value.includes("@"), { error: `is an address. ${domainAdvice}`, abort: true })
    .refine((value) => !guid.test(value), { error: `is a GUID, not a domain. ${domainAdvice}`, abort: true })
    .regex(domain, `is not a domain. ${domainAdvice}`),
  certificate: text("Give the .pfx file as base64 text.").regex(/\S/, "is empty. Give the .pfx file as base64 text."),
  certificate_password: text("Give the .pfx file's password, or empty text if it has none.").refine(
    (value) => value.isWellFormed(),
    "holds half of a surrogate pair, which is no character. Write it again.",
  ),
  certificate_expires_on: text(dateAdvice)
    .trim()
    .refine((value) => isoDate.safeParse(value).success, `is not a date. ${dateAdvice}`),
});

/**
 * The credential in a secret's text, JSON with exactly five names: app_id, tenant_domain, certificate,
 * certificate_password, certificate_expires_on. `CREDENTIAL_INVALID` names every field that is wrong, `CREDENTIAL_LEGACY`
 * a user name and password, `CERTIFICATE_NOT_PFX` a certificate in another form. No message holds a value.
 */
export function parseCredential(secretText: string): Credential {
  const secret = parseJson(secretText);
  if (isLegacyCredential(secret)) throw new ExchangeError("CREDENTIAL_LEGACY", legacyExplanation);
  const parsed = secretSchema.safeParse(secret);
  if (!parsed.success) throw invalid(parsed.error);

  const expiresOn = parsed.data.certificate_expires_on;
  return {
    appId: parsed.data.app_id.toLowerCase(),
    tenantDomain: parsed.data.tenant_domain,
    certificate: parsePfx(parsed.data.certificate),
    certificatePassword: parsed.data.certificate_password,
    certificateExpiresOn: new Date(/T.*(?:Z|[+-]\d\d:\d\d)$|^[^T]*$/i.test(expiresOn) ? expiresOn : `${expiresOn}Z`),
  };
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

function invalid(error: z.ZodError): ExchangeError {
  const problems = error.issues.flatMap((issue) =>
    issue.code === "unrecognized_keys"
      ? issue.keys.map((key) => `- ${key} is not one of the five names. Remove it, or correct its spelling.`)
      : [
          issue.path.length > 0
            ? `- ${issue.path.join(".")} ${issue.message}`
            : "- The JSON is not an object with the five names.",
        ],
  );
  return new ExchangeError("CREDENTIAL_INVALID", `The secret is not a credential:\n${problems.join("\n")}`);
}
