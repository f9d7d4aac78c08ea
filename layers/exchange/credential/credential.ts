import * as z from "zod";
import { environments } from "#exchange/clouds";
import { isLegacyCredential, legacyExplanation } from "#exchange/credential/legacy";
import { parsePfx } from "#exchange/credential/pfx";
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

const guid = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i;
const domain = /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]$/i;

const isoDate = z.union([z.iso.date(), z.iso.datetime({ offset: true }), z.iso.datetime({ local: true })]);

const appIdAdvice = "Give the application (client) ID that Microsoft Entra ID shows for the app, a GUID.";
const dateAdvice = "Give the day the certificate ends as YYYY-MM-DD.";

/** A field that must be text. None of these messages repeats the value. */
function text(advice: string) {
  return z.string({
    error: (issue) => (issue.input === undefined ? `is missing. ${advice}` : `must be text. ${advice}`),
  });
}

/** The five names of a secret, what is in each, and in its messages how to give it right in that cloud. */
export function secretSchema(environmentName: ExchangeEnvironmentName) {
  const domainAdvice = `Give the tenant's domain, such as contoso.${environments[environmentName].domainSuffix}.`;
  return z.strictObject({
    app_id: text(appIdAdvice).trim().toLowerCase().regex(guid, `is not a GUID. ${appIdAdvice}`),
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
      .refine((value) => isoDate.safeParse(value).success, `is not a date. ${dateAdvice}`)
      .transform(toDate),
  });
}

/** A sentence or two for each thing that is wrong, by the name it is about. */
export function secretProblems(error: z.ZodError): string[] {
  return error.issues.flatMap((issue) => {
    if (issue.code === "unrecognized_keys") {
      return issue.keys.map((key) => `${key} is not one of the five names. Remove it, or correct its spelling.`);
    }
    const name = issue.path.join(".");
    return name === "" ? "The JSON is not an object. Store one with the five names." : `${name} ${issue.message}`;
  });
}

/** A time without a zone is UTC, as a date alone is. */
function toDate(value: string): Date {
  const hasTime = /T/i.test(value);
  return new Date(hasTime && !/(?:Z|[+-]\d\d:\d\d)$/i.test(value) ? `${value}Z` : value);
}
