import { expect, test } from "vitest";
import { parseCredential } from "#exchange/credential/credential";
import { ExchangeError } from "#runtime/errors";
import { makePfx } from "#test/support/make-pfx";

const certificate = makePfx("p4ss").pfx.toString("base64");
const secret = {
  app_id: "11111111-2222-3333-4444-555555555555",
  tenant_domain: "contoso.onmicrosoft.com",
  certificate,
  certificate_password: "p4ss",
  certificate_expires_on: "2030-05-31",
};

function parse(changes: object): unknown {
  return parseCredential(JSON.stringify({ ...secret, ...changes }), "O365Default");
}

function errorOf(text: string): ExchangeError {
  try {
    parseCredential(text, "O365Default");
  } catch (error) {
    if (error instanceof ExchangeError) return error;
  }
  throw new Error("It was not refused.");
}

test("reads the five names", () => {
  expect(parseCredential(JSON.stringify(secret), "O365Default")).toEqual({
    appId: "11111111-2222-3333-4444-555555555555",
    tenantDomain: "contoso.onmicrosoft.com",
    certificate,
    certificatePassword: "p4ss",
    certificateExpiresOn: new Date("2030-05-31T00:00:00Z"),
  });
});

test("reads a secret that begins with a byte order mark", () => {
  expect(parseCredential(`\ufeff${JSON.stringify(secret)}`, "O365Default")).toMatchObject({
    certificatePassword: "p4ss",
  });
});

test("takes an empty password, which a PFX may have", () => {
  expect(parse({ certificate_password: "" })).toMatchObject({ certificatePassword: "" });
});

test("leaves a password as it is", () => {
  expect(parse({ certificate_password: " \"'`$(x)\n" })).toMatchObject({ certificatePassword: " \"'`$(x)\n" });
});

test("takes spaces around an app id or domain, and any letter case", () => {
  const credential = parse({ app_id: " AAAAAAAA-2222-3333-4444-555555555555 ", tenant_domain: " Contoso.Example\n" });

  expect(credential).toMatchObject({ appId: "aaaaaaaa-2222-3333-4444-555555555555", tenantDomain: "contoso.example" });
});

test("takes line breaks inside the base64", () => {
  expect(parse({ certificate: certificate.replaceAll(/.{76}/g, "$&\n") })).toMatchObject({ certificate });
});

test.each([
  ["2030-05-31", "2030-05-31T00:00:00.000Z"],
  ["2030-05-31T12:30:00Z", "2030-05-31T12:30:00.000Z"],
  ["2030-05-31T12:30:00+02:00", "2030-05-31T10:30:00.000Z"],
  ["2030-05-31T12:30:00", "2030-05-31T12:30:00.000Z"],
])("reads %s as %s", (written, expected) => {
  expect(parse({ certificate_expires_on: written })).toMatchObject({ certificateExpiresOn: new Date(expected) });
});

test.each([
  ["app_id", "gateway", /app_id is not a GUID\. Give the application/],
  ["app_id", "{11111111-2222-3333-4444-555555555555}", /app_id is not a GUID/],
  ["app_id", 7, /app_id must be text/],
  ["app_id", undefined, /app_id is missing/],
  ["tenant_domain", "11111111-2222-3333-4444-555555555555", /tenant_domain is a GUID, not a domain.*onmicrosoft\.com/],
  ["tenant_domain", "https://contoso.onmicrosoft.com", /tenant_domain is a URL/],
  ["tenant_domain", "admin@contoso.onmicrosoft.com", /tenant_domain is an address/],
  ["tenant_domain", "contoso", /tenant_domain is not a domain/],
  ["tenant_domain", "", /tenant_domain is not a domain/],
  ["tenant_domain", "contoso onmicrosoft.com", /tenant_domain is not a domain/],
  ["tenant_domain", undefined, /tenant_domain is missing/],
  ["certificate", "", /certificate is empty/],
  ["certificate", undefined, /certificate is missing/],
  ["certificate_password", undefined, /certificate_password is missing.*empty text/],
  ["certificate_password", null, /certificate_password must be text/],
  ["certificate_password", "half \ud800", /certificate_password holds half/],
  ["certificate_expires_on", "31.05.2030", /certificate_expires_on is not a date.*YYYY-MM-DD/],
  ["certificate_expires_on", "2030-02-30", /certificate_expires_on is not a date/],
  ["certificate_expires_on", "", /certificate_expires_on is not a date/],
  ["certificate_expires_on", undefined, /certificate_expires_on is missing/],
  ["client_secret", "xyz", /client_secret is of no use.*certificate, not with a client secret/],
  ["ClientSecret", "xyz", /ClientSecret is of no use/],
])("refuses %s %j with the fix", (name, value, message) => {
  const error = errorOf(JSON.stringify({ ...secret, [name]: value }));

  expect(error).toMatchObject({ code: "CREDENTIAL_INVALID", message: expect.stringMatching(message) });
  expect(error.message.match(/^- /gm)).toHaveLength(1);
});

test("gives a domain of the tenant's own cloud as example", () => {
  const wrong = JSON.stringify({ ...secret, tenant_domain: "contoso" });

  expect(() => parseCredential(wrong, "O365USGovGCCHigh")).toThrow("such as contoso.onmicrosoft.us.");
  expect(() => parseCredential(wrong, "O365Default")).toThrow("such as contoso.onmicrosoft.com.");
});

test("names every field that is wrong", () => {
  const error = errorOf(JSON.stringify({ app_id: "x", tenant_domain: "y", certificat: "z" }));

  const fields = error.message.match(/^- (\w+)/gm);
  expect(fields?.toSorted()).toEqual([
    "- app_id",
    "- certificat",
    "- certificate",
    "- certificate_expires_on",
    "- certificate_password",
    "- tenant_domain",
  ]);
});

test.each(["", "not json", "{", "[]", "null", '"text"', "7"])("refuses %j as no credential", (text) => {
  expect(errorOf(text).code).toBe("CREDENTIAL_INVALID");
});

test.each(["PEM", "base64"])("refuses a certificate that is not a PFX (%s)", (form) => {
  const wrong = form === "PEM" ? "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----" : "AAAA";

  expect(errorOf(JSON.stringify({ ...secret, certificate: wrong })).code).toBe("CERTIFICATE_NOT_PFX");
});

test.each([
  { username: "admin@contoso.com", password: "hunter2" },
  { UserName: "admin@contoso.com", Password: "hunter2", tenant_domain: "contoso.com" },
  { "user name": "admin", pwd: "hunter2" },
  { connection_uri: "https://example.com" },
  { ConnectionUri: "https://outlook.office365.com/powershell-liveid/", Authentication: "Basic" },
  { url: "https://ps.outlook.com/PowerShell-LiveID?PSVersion=4.0" },
  { ...secret, note: "https://outlook.office365.com/powershell-liveid/" },
  { upn: "admin@contoso.com", passwd: "hunter2" },
  { o365_username: "admin@contoso.com", o365_password: "hunter2" },
  { serviceAccount: "svc-exchange", secureString: "0100000" },
  { "Login-Name": "admin", Login: "admin", PASS: "hunter2" },
  { exchange: { credential: { adminUser: "admin@contoso.com", adminPwd: "hunter2" } } },
  [{ email: "admin@contoso.com", password: "hunter2" }],
  { configuration_name: "Microsoft.Exchange", user: "admin", password: "hunter2" },
  { command: "Connect-EXOPSSession -Credential $credential" },
])("refuses a legacy credential and says the way to a certificate (%#)", (legacy) => {
  expect(errorOf(JSON.stringify(legacy))).toMatchObject({
    code: "CREDENTIAL_LEGACY",
    message: expect.stringMatching(/1 October 2022.*no WSMan client.*certificate/),
  });
});

test.each([
  "New-PSSession -ConfigurationName Microsoft.Exchange -ConnectionUri https://outlook.office365.com/powershell-liveid/",
  "$Session = New-PSSession -ConfigurationName Microsoft.Exchange -ConnectionUri https://outlook.office365.us/powershell-liveid/ -Credential $c -Authentication Basic -AllowRedirection\nImport-PSSession $Session",
  "new-pssession -connectionuri https://partner.outlook.cn/PowerShell -authentication basic",
  "<T>System.Management.Automation.PSCredential</T>",
  "username=admin@contoso.com\npassword=hunter2",
  "$user = 'admin@contoso.com'; $password = 'hunter2'",
  "User name: admin@contoso.com\nPassword: hunter2",
])("refuses the text of a legacy session or credential, which is no JSON (%#)", (text) => {
  expect(errorOf(text)).toMatchObject({ code: "CREDENTIAL_LEGACY", message: expect.stringMatching(/credentials\.md/) });
});

test.each([
  { email: "admin@contoso.com", notes: "call me" },
  { password: "hunter2", tenant_domain: "contoso.com" },
  { user: "admin", client_id: "11111111-2222-3333-4444-555555555555", client_secret: "hunter2" },
  { username: "admin", app_id: "11111111-2222-3333-4444-555555555555", pfx_password: "hunter2" },
])("calls what is half-way to a certificate no legacy credential (%#)", (half) => {
  expect(errorOf(JSON.stringify(half)).code).toBe("CREDENTIAL_INVALID");
});

test("calls a stray password beside an app id an unknown name, not a legacy credential", () => {
  const error = errorOf(JSON.stringify({ ...secret, username: "admin", password: "hunter2" }));

  expect(error).toMatchObject({ code: "CREDENTIAL_INVALID", message: expect.stringContaining("- username") });
});

const leaks: [string, string][] = [
  ["broken JSON", '{"certificate_password": "hunter2" "x"}'],
  ["JSON text", '"hunter2"'],
  ["a legacy password", JSON.stringify({ username: "hunter2", password: "hunter2" })],
];
for (const name of Object.keys(secret)) {
  leaks.push([`half a character as ${name}`, JSON.stringify({ ...secret, [name]: "hunter2\ud800" })]);
  leaks.push([`a list as ${name}`, JSON.stringify({ ...secret, [name]: ["hunter2"] })]);
}

test.each(leaks)("never repeats a value of a secret that is refused (%s)", (_, text) => {
  const error = errorOf(text);

  expect(error.message).not.toContain("hunter2");
  expect(error.cause).toBeUndefined();
});
