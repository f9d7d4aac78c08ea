import * as z from "zod";
import { environments } from "#exchange/clouds";
import { fieldProblem, parseSecret, secretProblems, secretSchema } from "#exchange/credential/credential";
import { parsePfx } from "#exchange/credential/pfx";
import type { ExchangeEnvironmentName } from "#runtime/configuration";
import { type Advice, ExchangeError } from "#runtime/errors";
import { type Checklist, type Finding, fail, pass, warn } from "#validation/checklist";

type SecretName = keyof typeof secretSchema.shape;
type SecretFields = Record<SecretName, string>;

export type SecretSource = { secretId: string; readSecret: () => Promise<string> };

/** What of the secret can be told by looking at its text. */
export async function checkSecret(
  { check }: Checklist,
  { secretId, readSecret }: SecretSource,
  environmentName: ExchangeEnvironmentName,
) {
  const text = await check("secret readable", [], async () => pass(await readSecret(), secretId));
  const fields = await check("secret shape", [text], (secretText) => findFields(secretText, environmentName));
  const appId = await check("app id", [fields], (texts) => {
    const id = parseField(environmentName, "app_id", texts);
    return pass(id, id);
  });
  const tenantDomain = await check("tenant domain", [fields], (texts) =>
    judgeDomain(parseField(environmentName, "tenant_domain", texts), environmentName),
  );
  const pfx = await check("certificate base64", [fields], (texts) => {
    const base64 = parsePfx(parseField(environmentName, "certificate", texts));
    return pass(base64, `a PFX of ${Buffer.from(base64, "base64").length} bytes`);
  });
  return { fields, appId, tenantDomain, pfx };
}

/** The five names are there, no other, and text in each. */
function findFields(secretText: string, environmentName: ExchangeEnvironmentName): Finding<SecretFields> {
  const secret = parseSecret(secretText);
  const issues = secretSchema.safeParse(secret).error?.issues ?? [];
  const misshapen = issues.filter(({ code }) => code === "invalid_type" || code === "unrecognized_keys");
  if (misshapen.length > 0) return failByProblems(secretProblems(new z.ZodError(misshapen), environmentName));
  const names = Object.keys(secretSchema.shape) as [SecretName, ...SecretName[]];
  return pass(z.record(z.enum(names), z.string()).parse(secret), "JSON with the five names, text in each");
}

/** What is in one field. Throws `CREDENTIAL_INVALID` where that is wrong, in words without the value. */
export function parseField<Name extends SecretName>(
  environmentName: ExchangeEnvironmentName,
  name: Name,
  texts: SecretFields,
) {
  const parsed = secretSchema.shape[name].safeParse(texts[name]);
  if (!parsed.success) {
    const message = parsed.error.issues[0]?.message ?? "is not right.";
    throw new ExchangeError("CREDENTIAL_INVALID", fieldProblem(name, message, environmentName));
  }
  return parsed.data as z.output<typeof secretSchema>[Name];
}

function failByProblems(problems: readonly Advice[]): Finding<never> {
  const fixes = new Set(problems.map(({ fix }) => fix));
  return fail(problems.map(({ what }) => what).join(" "), [...fixes].join(" "), "CREDENTIAL_INVALID");
}

/** https://learn.microsoft.com/powershell/exchange/app-only-auth-powershell-v2#connection-examples asks for that domain. */
function judgeDomain(domain: string, environmentName: ExchangeEnvironmentName): Finding<string> {
  const { domainSuffix } = environments[environmentName];
  if (domain.endsWith(`.${domainSuffix}`)) return pass(domain, domain);
  const cloud = Object.entries(environments).find(([, other]) => domain.endsWith(`.${other.domainSuffix}`))?.[0];
  if (cloud !== undefined) {
    return warn(
      domain,
      `${domain} looks like a tenant of another cloud than ${environmentName}.`,
      `Set GATEWAY_EXCHANGE_ENVIRONMENT to the tenant's cloud, such as ${cloud}, if it is not ${environmentName}.`,
    );
  }
  return warn(
    domain,
    `${domain} is a domain of the organization's own.`,
    `Store the tenant's .${domainSuffix} domain instead: with another one an app can sign in and then fail on rights without saying why.`,
  );
}
