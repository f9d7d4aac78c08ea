import * as z from "zod";
import { environments } from "#exchange/environments";
import type { ExchangeEnvironmentName } from "#runtime/configuration";

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
