import type { Advice } from "#runtime/errors";

const endings = {
  users: [
    "user",
    "username",
    "userid",
    "userprincipalname",
    "upn",
    "login",
    "logon",
    "account",
    "admin",
    "email",
    "mail",
  ],
  passwords: ["password", "passwd", "passphrase", "pass", "pwd", "secret", "securestring"],
  sessions: ["connectionuri", "configurationname", "authentication"],
};
/** Who has one of these is on the way to a certificate, or to a client secret, and needs other words. */
const appNames = ["appid", "applicationid", "clientid", "certificate", "pfx", "thumbprint"];

/** https://learn.microsoft.com/powershell/exchange/basic-auth-connect-to-exo-powershell */
const remoteSession =
  /powershell-liveid|\bps\.outlook\.com\b|\b(?:New|Import|Enter)-PSSession\b|\bConnect-EXOPSSession\b|-Authentication\s+Basic\b|\bPSCredential\b/i;

/** What is said of a credential that Exchange Online no longer takes, whatever is done to it. */
export const legacyAdvice: Advice = {
  what: "The secret holds a user name and password, or a remote PowerShell session (New-PSSession -Authentication Basic).",
  fix:
    "Exchange Online retired Basic authentication on 1 October 2022 and remote PowerShell in 2023, and PowerShell on Linux has no " +
    "WSMan client since 7.4, so such a credential cannot work. Register an app in Microsoft Entra ID, give it the Exchange.ManageAsApp " +
    "permission and an Exchange role, upload a certificate to it, and store app_id, tenant_domain, certificate, certificate_password and " +
    "certificate_expires_on. docs/credentials.md has every step.",
};

/** Whether a secret, as text or as the JSON that was in it, is a user name and password or names a remote session. */
export function isLegacyCredential(secret: unknown): boolean {
  if (typeof secret === "string") return remoteSession.test(secret) || areLegacyNames(namesInLines(secret));
  if (typeof secret !== "object" || secret === null) return false;
  const values = Object.values(secret);
  if (values.some((value) => typeof value === "string" && remoteSession.test(value))) return true;
  if (areLegacyNames(Object.keys(secret))) return true;
  return values.some((value) => typeof value === "object" && isLegacyCredential(value));
}

function areLegacyNames(names: readonly string[]): boolean {
  const plainNames = names.map((name) => name.toLowerCase().replaceAll(/[^a-z]/g, ""));
  if (plainNames.some((name) => appNames.some((part) => name.includes(part)))) return false;
  const has = (wanted: readonly string[]) => plainNames.some((name) => wanted.some((ending) => name.endsWith(ending)));
  return has(endings.sessions) || (has(endings.users) && has(endings.passwords));
}

const longestName = 60;
const nameCharacters = /^[\w $."'-]+$/;

/** The names in "name = value" or "name: value", which stand a line each or between semicolons. */
function namesInLines(text: string): string[] {
  return text.split(/[\n;]/).flatMap((line) => {
    const end = line.search(/[:=]/);
    const name = line.slice(0, Math.max(end, 0)).trim();
    return name.length <= longestName && nameCharacters.test(name) ? name : [];
  });
}
