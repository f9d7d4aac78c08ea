import { expect, test } from "vitest";
import type { ExchangeEnvironmentName } from "#runtime/configuration";
import { deadlineIn } from "#runtime/deadline";
import { failureOf, msalFailure, recordOf, recordOfExceptions, restFailure } from "#test/support/error-records";
import { makePfx } from "#test/support/make-pfx";
import { allCommands, connected, type Scenario, scriptExchange } from "#test/support/script-exchange";
import { validateCredential } from "#validation/validate-credential";
import type { Check } from "#validation/validation";

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;
const secret = {
  app_id: "11111111-2222-3333-4444-555555555555",
  tenant_domain: "contoso.onmicrosoft.com",
  certificate: makePfx("p4ss").pfx.toString("base64"),
  certificate_password: "p4ss",
  certificate_expires_on: new Date(Date.now() + 365 * dayMs).toISOString().slice(0, 10),
};

type State = { changes?: object; scenario?: Scenario; environmentName?: ExchangeEnvironmentName };

/** Validates a secret with a program in PowerShell's place that answers as the scenario says. */
async function validate({ changes = {}, scenario = {}, environmentName = "O365Default" }: State) {
  const scripted = scriptExchange(scenario);
  const validation = await validateCredential({
    secretId: "test/credential",
    readSecret: async () => JSON.stringify({ ...secret, ...changes }),
    environmentName,
    ...scripted,
    deadline: deadlineIn(100_000),
  });
  const find = (name: string): Check | undefined => validation.checks.find((check) => check.name === name);
  return { ...validation, find, scripted };
}

const facts = (changes: object) => ({
  facts: {
    ...{ subject: "CN=gateway", thumbprint: "A1B2", hasPrivateKey: true, keyAlgorithm: "RSA", keyBits: 2048 },
    notBefore: new Date(Date.now() - dayMs).toISOString(),
    notAfter: new Date(Date.now() + 365 * dayMs).toISOString(),
    ...changes,
  },
});
const validFor = (days: number) => facts({ notAfter: new Date(Date.now() + (days + 0.5) * dayMs).toISOString() });
const clock = (seconds: number) => ({
  facts: { localTime: new Date(Date.now() + seconds * 1000).toISOString(), serverTime: new Date().toISOString() },
});
const module = (version: string) => ({ facts: { version, path: "/opt/modules/x", importMs: 200 } });
const row = { Guid: "0b6cba44-d4f5-4d6f-9d0a-0123456789ab", RecipientTypeDetails: "UserMailbox" };
const reads = (...rows: object[][]) => rows.map((each) => ({ rows: [each as Record<string, string>[]] }));
const wrongPassword = recordOfExceptions([
  "System.Security.Cryptography.CryptographicException",
  "The specified network password is not correct.",
  -2147024810,
]);
const refusedRead = { failed: failureOf("invoke", restFailure(403, "\0".repeat(64))) };
const without = (cmdlet: keyof typeof allCommands, ...names: string[]) =>
  connected({ ...allCommands, [cmdlet]: allCommands[cmdlet].filter((name) => !names.includes(name)) });

test("passes every check where everything is right, and describes the certificate", async () => {
  const scenario = { calls: reads([row], [row], [row], [row]) };

  const validation = await validate({ scenario });

  expect(validation.checks.filter(({ status }) => status !== "pass")).toEqual([]);
  expect(validation).toMatchObject({
    status: "pass",
    userMessage: expect.stringContaining("The credential is right"),
    certificate: { subject: "CN=gateway", thumbprint: "A1B2", daysLeft: 365 },
  });
});

const wrong: (State & { trouble: string; check: string; fix: RegExp; found?: RegExp })[] = [
  {
    trouble: "a domain that is a URL",
    changes: { tenant_domain: "https://contoso.onmicrosoft.com" },
    check: "tenant domain",
    found: /tenant_domain is a URL\./,
    fix: /such as contoso\.onmicrosoft\.com\./,
  },
  {
    trouble: "a domain that is none, in another cloud",
    changes: { tenant_domain: "contoso" },
    environmentName: "O365China",
    check: "tenant domain",
    fix: /such as contoso\.partner\.onmschina\.cn\./,
  },
  {
    trouble: "half a character as password",
    changes: { certificate_password: "half \ud800" },
    check: "certificate password",
    fix: /Give the .pfx file.s password/,
  },
  ...["p4ss\n", " p4ss", "p4ss\u200b"].map((password) => ({
    trouble: `a wrong password that is ${JSON.stringify(password)}`,
    changes: { certificate_password: password },
    scenario: { certificate: { failed: failureOf("certificate", wrongPassword) } },
    check: "certificate password",
    found: /character that nobody sees\.$/,
    fix: /^Store certificate_password without it/,
  })),
  {
    trouble: "a wrong password that lost a character",
    changes: { certificate_password: "p\ufffdss" },
    scenario: { certificate: { failed: failureOf("certificate", wrongPassword) } },
    check: "certificate password",
    found: /holds U\+FFFD in place of a character/,
    fix: /^Write the secret in UTF-8/,
  },
  {
    trouble: "a wrong password",
    scenario: { certificate: { failed: failureOf("certificate", wrongPassword) } },
    check: "certificate password",
    found: /^The certificate cannot be opened with its password\. /,
    fix: /^Correct certificate_password/,
  },
  {
    trouble: "an expiry date that is none",
    changes: { certificate_expires_on: "next year" },
    check: "stated expiry date",
    found: /certificate_expires_on is not a date\./,
    fix: /YYYY-MM-DD/,
  },
  {
    trouble: "a key of another algorithm whose size nobody knows",
    scenario: { certificate: facts({ keyAlgorithm: "DSA", keyBits: null }) },
    check: "key algorithm and size",
    found: /^DSA: /,
    fix: /RSA key of 2048 bits or more/,
  },
  {
    trouble: "a clock that is behind by more than Entra ID takes",
    scenario: { clock: clock(-301) },
    check: "clock",
    found: /^301 s behind login\.microsoftonline\.com/,
    fix: /Set the clock/,
  },
  {
    trouble: "a sign-in host that cannot be reached",
    scenario: {
      clock: { failed: failureOf("connect", recordOfExceptions(["System.Net.Http.HttpRequestException", "refused"])) },
    },
    environmentName: "O365USGovDoD",
    check: "clock",
    fix: /Check the way to login\.microsoftonline\.us, webmail\.apps\.mil on port 443/,
  },
  {
    trouble: "a module that does not run on this PowerShell",
    scenario: { module: module("3.4.0") },
    check: "PowerShell and module",
    fix: /Install version 3\.5 or later/,
  },
  {
    trouble: "a module that cannot be loaded",
    scenario: { module: { failed: failureOf("module", recordOf("Could not load file or assembly")) } },
    check: "PowerShell and module",
    found: /Could not load file or assembly/,
    fix: /Check EXCHANGE_MODULE_PATH/,
  },
  {
    trouble: "a tenant without Exchange Online",
    scenario: { connect: { failed: failureOf("connect", recordOf("AADSTS500011: The resource principal")) } },
    check: "token",
    found: /AADSTS500011/,
    fix: /licence for Exchange Online/,
  },
  {
    trouble: "an app without its app role",
    scenario: {
      connect: {
        failed: failureOf("connect", recordOfExceptions(["System.UnauthorizedAccessException", "UnAuthorized"])),
      },
    },
    check: "app role",
    found: /^Exchange does not take the app's token\. The answer was: UnAuthorized$/,
    fix: /Grant the app the application permission Exchange\.ManageAsApp/,
  },
  {
    trouble: "a sign-in that Microsoft Entra ID cannot answer",
    scenario: {
      connect: { failed: failureOf("connect", msalFailure("Service is unavailable to process the request.")) },
    },
    check: "token",
    found: /^Microsoft Entra ID could not answer just now\. The answer was: Service is unavailable/,
    fix: /Try again in a few minutes/,
  },
  {
    trouble: "a read whose refusal is NUL bytes",
    scenario: { calls: [{ rows: [[row]] }, refusedRead, { rows: [[row]] }] },
    check: "read with Get-User",
    found: /ErrorMessage=$/,
    fix: /service principal still has/,
  },
  {
    trouble: "a role that lets the app in to nothing",
    scenario: {
      connect: { failed: failureOf("connect", recordOf("The app isn't assigned to any management roles")) },
    },
    check: "directory role",
    fix: /Exchange Administrator role.*https:\/\/portal\.azure\.com, Roles and administrators/,
  },
  {
    trouble: "a cmdlet without a parameter that the gateway sends",
    scenario: { connect: without("New-DistributionGroup", "Notes") },
    check: "cmdlet New-DistributionGroup",
    found: /without Notes/,
    fix: /an Exchange role that has New-DistributionGroup with Notes/,
  },
  {
    trouble: "rows that are not as the gateway expects them",
    scenario: { calls: reads([row], [{ Guid: row.Guid }], [row], [row]) },
    check: "read with Get-User",
    found: /RecipientTypeDetails/,
    fix: /report it/,
  },
];

test.each(wrong)("fails the right check of $trouble, with the fix", async ({ check, fix, found = /./, ...state }) => {
  const { status, checks, find } = await validate(state);

  expect(status).toBe("fail");
  expect(checks.filter((each) => each.status === "fail").map(({ name }) => name)).toEqual([check]);
  expect(find(check)).toMatchObject({ found: expect.stringMatching(found), fix: expect.stringMatching(fix) });
});

const doubtful: (State & { trouble: string; check: string; fix: RegExp; found?: RegExp })[] = [
  {
    trouble: "a domain of the organization's own",
    changes: { tenant_domain: "contoso.com" },
    check: "tenant domain",
    fix: /\.onmicrosoft\.com domain instead/,
  },
  {
    trouble: "a domain of another cloud",
    changes: { tenant_domain: "contoso.onmicrosoft.us" },
    check: "tenant domain",
    fix: /Set GATEWAY_EXCHANGE_ENVIRONMENT to the tenant's cloud, such as O365USGovGCCHigh/,
  },
  {
    trouble: "a certificate that ends in 30 days",
    changes: { certificate_expires_on: new Date(Date.now() + 30 * dayMs).toISOString() },
    scenario: { certificate: validFor(30) },
    check: "certificate validity",
    found: /30 days left$/,
    fix: /Rotating/,
  },
  {
    trouble: "an expiry date that is not the certificate's",
    changes: { certificate_expires_on: "2027-01-01" },
    scenario: { certificate: facts({ notAfter: "2045-06-30T12:00:00Z" }) },
    check: "stated expiry date",
    found: /^certificate_expires_on is 2027-01-01, and the certificate ends on 2045-06-30\.$/,
    fix: /Correct certificate_expires_on/,
  },
  {
    trouble: "a clock that is ahead by a minute and a half",
    scenario: { clock: clock(90) },
    check: "clock",
    found: /^90 s ahead of login\.microsoftonline\.com/,
    fix: /Set the clock/,
  },
  {
    trouble: "a sign-in host that does not tell the time",
    scenario: { clock: { facts: { localTime: new Date().toISOString(), serverTime: null } } },
    check: "clock",
    fix: /by hand/,
  },
  {
    trouble: "an app that cannot bypass the managers' check",
    scenario: { connect: without("Add-DistributionGroupMember", "BypassSecurityGroupManagerCheck") },
    check: "cmdlet Add-DistributionGroupMember",
    found: /without BypassSecurityGroupManagerCheck: Exchange may refuse/,
    fix: /role Security Group Creation and Membership, or Organization Management/,
  },
  {
    trouble: "an app that cannot make security groups",
    scenario: { connect: without("New-DistributionGroup", "Type") },
    check: "cmdlet New-DistributionGroup",
    found: /no mail-enabled security group can be made/,
    fix: /role Security Group Creation and Membership/,
  },
  {
    trouble: "a sign-in that takes more than ten seconds",
    scenario: { connect: connected(allCommands, 9_900) },
    check: "connect time",
    found: /^10\.3 s: module 0\.4 s, sign-in 9\.9 s$/,
    fix: /more memory/,
  },
];

test.each(doubtful)("warns of $trouble, and goes on", async ({ check, fix, found = /./, ...state }) => {
  const { status, checks, find, userMessage } = await validate(state);

  expect(status).toBe("warn");
  expect(checks.filter((each) => each.status === "warn").map(({ name }) => name)).toEqual([check]);
  expect(find(check)).toMatchObject({ found: expect.stringMatching(found), fix: expect.stringMatching(fix) });
  expect(find("connect time")?.status).not.toBe("skipped");
  expect(userMessage).toContain(check);
});

test.each([
  { what: "31 days left", scenario: { certificate: validFor(31) }, check: "certificate validity", days: 31 },
  { what: "a clock a minute off", scenario: { clock: clock(60) }, check: "clock", days: 365 },
  {
    what: "an app without owners' addresses, which not every tenant has",
    scenario: { connect: without("Get-DistributionGroup", "IncludeManagedByWithDisplayNames") },
    check: "cmdlet Get-DistributionGroup",
    days: 365,
  },
])("lets $what pass", async ({ scenario, check, days }) => {
  const certificate_expires_on = new Date(Date.now() + (days - 0.5) * dayMs).toISOString().slice(0, 10); // the day before

  const { find, status } = await validate({ scenario, changes: { certificate_expires_on } });

  expect(find(check)?.status).toBe("pass");
  expect(status).toBe("pass");
});

test("says that an empty tenant has nobody to read, and no list to look into", async () => {
  const { find } = await validate({ scenario: { calls: [{ rows: [] }] } });

  expect(find("read with Get-User")).toMatchObject({
    status: "pass",
    found: expect.stringContaining("no such object"),
  });
  expect(find("read with Get-DistributionGroupMember")).toMatchObject({
    status: "skipped",
    found: "skipped: there is no distribution list to look into",
  });
});

test("makes no check after PowerShell has died, and says at which it died", async () => {
  const scenario: Scenario = { calls: [{ rows: [[row]] }, "exit"] };

  const { find, checks } = await validate({ scenario });

  expect(find("read with Get-EXORecipient")?.status).toBe("pass");
  expect(find("read with Get-User")).toMatchObject({ status: "fail", code: "POWERSHELL_EXITED" });
  expect(find("read with Get-DistributionGroup")).toMatchObject({
    status: "skipped",
    found: "skipped: PowerShell had ended before it",
  });
  expect(checks.filter(({ status }) => status === "fail")).toHaveLength(1);
});

test("throws where there is no PowerShell, or none that starts", async () => {
  const scenario: Scenario = { start: "exit" };

  await expect(validate({ scenario })).rejects.toMatchObject({ code: "POWERSHELL_START_FAILED" });
});

test("leaves no PowerShell behind, and starts none for a secret that is not one", async () => {
  const { scripted: used } = await validate({});
  const { scripted: unused } = await validate({ changes: { client_secret: "x" } });

  expect(used.starts()).toHaveLength(1);
  expect(used.running()).toEqual([]);
  expect(unused.starts()).toEqual([]);
});
