import { explainError } from "#exchange/errors/classify";
import { certificateAdvice } from "#exchange/errors/sign-in";
import { CmdletError } from "#powershell/calls";
import type { CertificateFacts, PowerShellSession } from "#powershell/session";
import type { ExchangeEnvironmentName } from "#runtime/configuration";
import type { Deadline } from "#runtime/deadline";
import { type Advice, type ErrorCode, ExchangeError } from "#runtime/errors";
import { type Checklist, type Finding, fail, pass, warn } from "#validation/checklist";
import { type checkSecret, parseField } from "#validation/secret-checks";

const dayMs = 24 * 60 * 60 * 1000;
/** Fewer days than these are somebody's task by now. */
const warningDays = 30;
/** https://learn.microsoft.com/entra/identity-platform/howto-create-self-signed-certificate */
const leastKeyBits = 2048;

type Secret = Awaited<ReturnType<typeof checkSecret>>;
type Options = {
  openSession: () => PowerShellSession;
  environmentName: ExchangeEnvironmentName;
  deadline: Deadline;
  now: number;
};

/** What of the certificate can be told by opening it, before it is signed in with. */
export async function checkCertificate(
  { check }: Checklist,
  secret: Secret,
  { openSession, environmentName, deadline, now }: Options,
) {
  const { fields, pfx } = secret;
  const password = await check("certificate password", [fields, pfx], async (texts, certificate) => {
    const certificatePassword = parseField(environmentName, "certificate_password", texts);
    const facts = await openSession()
      .inspectCertificate({ certificate, certificatePassword, deadline })
      .catch((error) => Promise.reject(explainPassword(error, certificatePassword, environmentName)));
    return pass({ facts, certificatePassword }, `opens the PFX: ${facts.subject}, thumbprint ${facts.thumbprint}`);
  });
  const key = await check("private key", [password], ({ facts }) => findPrivateKey(facts));
  const algorithm = await check("key algorithm and size", [password], ({ facts }) => judgeKey(facts));
  const validity = await check("certificate validity", [password], ({ facts }) => judgeValidity(facts, now));
  await check("stated expiry date", [fields, password], (texts, { facts }) =>
    compareExpiry(parseField(environmentName, "certificate_expires_on", texts), facts.notAfter),
  );
  return { password, key, algorithm, validity };
}

/** What of a password nobody sees, where there is such a thing: it may be why it is refused. */
function unseenIn(password: string): Required<Advice> | undefined {
  if (password.includes("\uFFFD")) {
    return {
      what: "The certificate cannot be opened with its password, which holds U+FFFD in place of a character that was lost: the secret was not written in UTF-8.",
      fix: "Write the secret in UTF-8 (Set-Content -Encoding utf8) and store it again.",
    };
  }
  if (!/^[\s\p{Cf}]|[\s\p{Cf}]$/u.test(password)) return undefined;
  return {
    what: "The certificate cannot be opened with its password, which begins or ends with a blank, a line break or another character that nobody sees.",
    fix: "Store certificate_password without it, or with all of it if it does belong to the password.",
  };
}

/** The refusal of a password, with what may be the reason. */
function explainPassword(error: unknown, password: string, environmentName: ExchangeEnvironmentName): unknown {
  const advice = unseenIn(password);
  if (advice === undefined || !(error instanceof CmdletError)) return error;
  const { code } = explainError(error, environmentName);
  return code === "CERTIFICATE_PASSWORD_WRONG" ? new ExchangeError(code, advice) : error;
}

/** Whole days until then; negative when it is over. */
export function daysUntil(time: Date, now: number): number {
  return Math.floor((time.getTime() - now) / dayMs);
}

function findPrivateKey({ hasPrivateKey }: CertificateFacts): Finding<true> {
  return hasPrivateKey ? pass(true, "in the PFX") : failBy("CERTIFICATE_WITHOUT_KEY");
}

function judgeKey({ keyAlgorithm, keyBits }: CertificateFacts): Finding<true> {
  const found = `${keyAlgorithm}${keyBits === null ? "" : `, ${keyBits} bits`}`;
  if (keyAlgorithm === "RSA" && keyBits !== null && keyBits >= leastKeyBits) return pass(true, found);
  return fail(
    `${found}: Microsoft Entra ID takes RSA keys of ${leastKeyBits} bits or more.`,
    `Make a certificate with an RSA key of ${leastKeyBits} bits or more, upload its public part to the app registration, and store the new .pfx.`,
    keyAlgorithm === "RSA" ? "CERTIFICATE_NOT_REGISTERED" : "CERTIFICATE_WITHOUT_KEY",
  );
}

function judgeValidity({ notBefore, notAfter }: CertificateFacts, now: number): Finding<true> {
  const days = daysUntil(notAfter, now);
  const span = `${dayOf(notBefore)} to ${dayOf(notAfter)}`;
  if (notAfter.getTime() < now) return failBy("CERTIFICATE_EXPIRED", span);
  if (notBefore.getTime() > now) return failBy("CERTIFICATE_NOT_YET_VALID", span);
  const found = `${span}, ${days} ${days === 1 ? "day" : "days"} left`;
  if (days > warningDays) return pass(true, found);
  return warn(
    true,
    found,
    "Make the next certificate, upload it beside this one, and store it: docs/credentials.md, Rotating.",
  );
}

/** People write the date of their own time zone, so a day more or less says nothing. */
function compareExpiry(stated: Date, actual: Date): Finding<true> {
  const found = `certificate_expires_on is ${dayOf(stated)}, and the certificate ends on ${dayOf(actual)}`;
  const apart = Math.abs(Date.parse(dayOf(stated)) - Date.parse(dayOf(actual))) / dayMs;
  if (apart <= 1) return pass(true, `${dayOf(stated)}, as the certificate says`);
  return warn(true, `${found}.`, "Correct certificate_expires_on, or store the certificate that was meant.");
}

function failBy(code: ErrorCode & keyof typeof certificateAdvice, more?: string): Finding<never> {
  const { what, fix } = certificateAdvice[code];
  return fail(more === undefined ? what : `${what} It is valid from ${more}.`, fix, code);
}

function dayOf(time: Date): string {
  return time.toISOString().slice(0, 10);
}
