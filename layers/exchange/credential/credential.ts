import * as z from "zod";
import { type ExchangeEnvironment, environments } from "#exchange/clouds";
import { isLegacyCredential, legacyAdvice } from "#exchange/credential/legacy";
import { parsePfx } from "#exchange/credential/pfx";
import type { ExchangeEnvironmentName } from "#runtime/configuration";
import { type Advice, adviceText, ExchangeError } from "#runtime/errors";

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
  const parsed = secretSchema.safeParse(parseSecret(secretText));
  if (!parsed.success) {
    const problems = secretProblems(parsed.error, environmentName).map((problem) => `- ${adviceText(problem)}`);
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
  if (isLegacyCredential(secret)) throw new ExchangeError("CREDENTIAL_LEGACY", legacyAdvice);
  return secret;
}

/** JSON.parse repeats the text in its error, so that error goes nowhere. */
function parseJson(secretText: string): unknown {
  try {
    return JSON.parse(secretText.replace(/^\uFEFF/, ""));
  } catch {
    if (isLegacyCredential(secretText)) throw new ExchangeError("CREDENTIAL_LEGACY", legacyAdvice);
    if (secretText.includes("\0")) {
      throw new ExchangeError("CREDENTIAL_INVALID", {
        what: "The secret is UTF-16 text, which is not read.",
        fix: "Write it in UTF-8 (Set-Content -Encoding utf8) and store it again.",
      });
    }
    throw new ExchangeError("CREDENTIAL_INVALID", {
      what: "The secret is not JSON.",
      fix:
        'Store {"app_id": "…", "tenant_domain": "…", "certificate": "…", "certificate_password": "…", ' +
        '"certificate_expires_on": "YYYY-MM-DD"}; a line break inside a value must go, or be written as \\n.',
    });
  }
}

const guid = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i;
const domain = /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]$/i;

const isoDate = z.union([z.iso.date(), z.iso.datetime({ offset: true }), z.iso.datetime({ local: true })]);

/** A field that must be text. The messages end a sentence that begins with the field's name; none repeats the value. */
const text = z.string({ error: ({ input }) => (input === undefined ? "is missing." : "must be text.") });

/** The five names of a secret, and what is in each. */
export const secretSchema = z.strictObject({
  app_id: text.trim().toLowerCase().regex(guid, "is not a GUID."),
  tenant_domain: text
    .trim()
    .toLowerCase()
    .refine((value) => !value.includes("/"), { error: "is a URL.", abort: true })
    .refine((value) => !value.includes("@"), { error: "is an address.", abort: true })
    .refine((value) => !guid.test(value), { error: "is a GUID, not a domain.", abort: true })
    .regex(domain, "is not a domain."),
  certificate: text.regex(/\S/, "is empty."),
  certificate_password: text.refine(
    (value) => value.isWellFormed(),
    "holds half of a surrogate pair, which is no character.",
  ),
  certificate_expires_on: text
    .trim()
    .refine((value) => isoDate.safeParse(value).success, "is not a date.")
    .transform(toDate),
});

/** How to give a field right, in that cloud. */
function fixOf(name: string, { domainSuffix }: ExchangeEnvironment): string {
  switch (name) {
    case "app_id":
      return "Give the application (client) ID that Microsoft Entra ID shows for the app, a GUID.";
    case "tenant_domain":
      return `Give the tenant's domain, such as contoso.${domainSuffix}.`;
    case "certificate":
      return "Give the .pfx file as base64 text.";
    case "certificate_password":
      return "Give the .pfx file's password, or empty text if it has none.";
    case "certificate_expires_on":
      return "Give the day the certificate ends as YYYY-MM-DD.";
    default:
      return "Store the five names alone.";
  }
}

function isClientSecret(key: string): boolean {
  return /^client_?secret/i.test(key);
}

/** https://learn.microsoft.com/powershell/exchange/app-only-auth-powershell-v2 has certificates alone. */
function clientSecretAdvice(key: string): Advice {
  return {
    what: `${key} is of no use: Exchange Online PowerShell signs in with a certificate, not with a client secret.`,
    fix: "Remove it, and store certificate and certificate_password.",
  };
}

/** What is wrong with one field, as a message of the schema ends that sentence, and how to give it right. */
export function fieldProblem(name: string, message: string, environmentName: ExchangeEnvironmentName): Advice {
  return { what: `${name} ${message}`, fix: fixOf(name, environments[environmentName]) };
}

/** What is wrong with a secret, and what to do, by the name it is about. */
export function secretProblems(error: z.ZodError, environmentName: ExchangeEnvironmentName): Advice[] {
  return error.issues.flatMap((issue) => {
    if (issue.code === "unrecognized_keys") {
      const fix = "Remove it, or correct its spelling.";
      return issue.keys.map((key) =>
        isClientSecret(key) ? clientSecretAdvice(key) : { what: `${key} is not one of the five names.`, fix },
      );
    }
    const name = issue.path.join(".");
    if (name === "") return { what: "The JSON is not an object.", fix: "Store one with the five names." };
    return fieldProblem(name, issue.message, environmentName);
  });
}

/** A time without a zone is UTC, as a date alone is. */
function toDate(value: string): Date {
  const hasTime = /T/i.test(value);
  return new Date(hasTime && !/(?:Z|[+-]\d\d:\d\d)$/i.test(value) ? `${value}Z` : value);
}
