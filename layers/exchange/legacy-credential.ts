const userNames = new Set(["user", "username", "userid", "userprincipalname", "login", "admin", "email"]);
const passwords = new Set(["password", "pass", "pwd", "secret", "securepassword"]);
const connections = new Set(["connectionuri", "configurationname", "authentication"]);
const certificateNames = ["app_id", "certificate"];
const legacyAddress = /powershell-liveid|outlook\.office365\.com\/powershell|ps\.outlook\.com/i;

/** What is said of a credential that Exchange Online no longer takes, whatever is done to it. */
export const legacyExplanation =
  "The secret holds a user name and password, or the address of a remote PowerShell session (New-PSSession -Authentication Basic). " +
  "Exchange Online retired Basic authentication on 1 October 2022 and remote PowerShell in 2023, and PowerShell on Linux has no " +
  "WSMan client since 7.4, so such a credential cannot work. Register an app in Microsoft Entra ID, give it the Exchange.ManageAsApp " +
  "permission and an Exchange role, upload a certificate to it, and store app_id, tenant_domain, certificate, certificate_password and " +
  "certificate_expires_on. https://learn.microsoft.com/powershell/exchange/app-only-auth-powershell-v2";

/** Whether a secret, as text or as the JSON that was in it, is a user name and password or names a remote session. */
export function isLegacyCredential(secret: unknown): boolean {
  if (typeof secret === "string") return legacyAddress.test(secret);
  if (typeof secret !== "object" || secret === null || Array.isArray(secret)) return false;
  if (Object.values(secret).some((value) => typeof value === "string" && legacyAddress.test(value))) return true;

  const names = Object.keys(secret);
  if (certificateNames.some((name) => names.includes(name))) return false;
  const plainNames = names.map((name) => name.toLowerCase().replaceAll(/[^a-z]/g, ""));
  const has = (wanted: ReadonlySet<string>) => plainNames.some((name) => wanted.has(name));
  return has(connections) || (has(userNames) && has(passwords));
}
