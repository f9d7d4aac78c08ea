import process from "node:process";
import { brokenCredentials, storeChanged } from "#local/exchange/broken-credentials";
import type { ErrorCode } from "#runtime/errors";
import type { Gateway } from "#test/support/gateway";
import { makePfx } from "#test/support/make-pfx";
import { ellipticPfx, pssPfx, twoKeysPfx } from "#test/support/unfit-pfx";

const { cer, pem, pfx } = makePfx("p4ss");

/** Something that is wrong with a secret or a tenant. */
export type BrokenState = {
  trouble: string;
  /** Makes it so. */
  arrange: (gateway: Gateway) => Promise<void> | void;
  /** The check that has to fail, with that code, and to say that. */
  check: string;
  code: ErrorCode;
  fix: string;
  /** An ingestion has to fail with the same code and say the same. */
  failsIngestion?: true;
};

function store({ exchange, replaceSecret }: Gateway, changes: object): void {
  storeChanged({ exchange, storeSecret: replaceSecret }, changes);
}

/** One of the troubles that a tenant's credential may have. */
function broken(name: keyof typeof brokenCredentials): Pick<BrokenState, "trouble" | "arrange"> {
  const { trouble, arrange } = brokenCredentials[name];
  return { trouble, arrange: ({ exchange, replaceSecret }) => arrange({ exchange, storeSecret: replaceSecret }) };
}

const unreadable: BrokenState[] = [
  {
    trouble: "there is no such secret",
    arrange: () => {
      process.env.GATEWAY_SECRET_ID = "another";
    },
    check: "secret readable",
    code: "SECRET_NOT_FOUND",
    fix: "Create it, or correct GATEWAY_SECRET_ID",
  },
  {
    trouble: "Secrets Manager refuses",
    arrange: ({ secretsManager }) => void secretsManager.faults.add({ kind: "accessDenied" }),
    check: "secret readable",
    code: "SECRET_UNREADABLE",
    fix: "Allow the function's role secretsmanager:GetSecretValue",
  },
];

const misshapen: BrokenState[] = [
  {
    trouble: "the secret is not JSON",
    arrange: ({ replaceSecretForGood }: Gateway) => replaceSecretForGood("app_id = 1"),
    code: "CREDENTIAL_INVALID",
    fix: 'Store {"app_id"',
  },
  {
    trouble: "the secret is JSON of another kind",
    arrange: ({ replaceSecretForGood }: Gateway) => replaceSecretForGood('["app_id"]'),
    code: "CREDENTIAL_INVALID",
    fix: "Store one with the five names",
  },
  {
    trouble: "a name is misspelled",
    arrange: (gateway: Gateway) => store(gateway, { app_id: undefined, appid: "x" }),
    code: "CREDENTIAL_INVALID",
    fix: "Give the application (client) ID that Microsoft Entra ID shows for the app, a GUID. Remove it, or correct",
  },
  {
    trouble: "a value is no text",
    arrange: (gateway: Gateway) => store(gateway, { certificate_expires_on: 20271101 }),
    code: "CREDENTIAL_INVALID",
    fix: "Give the day the certificate ends as YYYY-MM-DD",
  },
  {
    trouble: "the credential is a user's name and password",
    arrange: ({ replaceSecretForGood }: Gateway) =>
      replaceSecretForGood('{"username":"admin@contoso.com","password":"secret"}'),
    code: "CREDENTIAL_LEGACY",
    fix: "upload a certificate to it",
    failsIngestion: true,
  },
  {
    trouble: "the credential is the script of a remote session",
    arrange: ({ replaceSecretForGood }: Gateway) =>
      replaceSecretForGood(
        "New-PSSession -ConfigurationName Microsoft.Exchange -Authentication Basic -AllowRedirection",
      ),
    code: "CREDENTIAL_LEGACY",
    fix: "docs/credentials.md has every step",
  },
].map((state) => ({ ...state, check: "secret shape" }) as BrokenState);

const noPfx: BrokenState[] = [
  { trouble: "PEM text", certificate: pem, fix: "openssl pkcs12 -export" },
  { trouble: "not base64", certificate: "C:\\certificates\\app.pfx", fix: "base64 -w0 app.pfx" },
  { trouble: "a .cer file", certificate: cer.toString("base64"), fix: "Make a .pfx of certificate and private key" },
  { trouble: "cut short", certificate: pfx.subarray(0, 700).toString("base64"), fix: "Store the .pfx file as base64" },
].map(({ trouble, certificate, fix }) => ({
  trouble: `the certificate is ${trouble}`,
  arrange: (gateway) => store(gateway, { certificate }),
  check: "certificate base64",
  code: "CERTIFICATE_NOT_PFX",
  fix,
}));

const unfit: BrokenState[] = [
  {
    ...broken("no-pfx"),
    check: "certificate base64",
    code: "CERTIFICATE_NOT_PFX",
    fix: "Make a .pfx",
    failsIngestion: true,
  },
  {
    trouble: "the app id is none",
    arrange: (gateway) => store(gateway, { app_id: "exchange-online-gateway" }),
    check: "app id",
    code: "CREDENTIAL_INVALID",
    fix: "Give the application (client) ID",
  },
  {
    trouble: "the tenant is given by its id",
    arrange: (gateway) => store(gateway, { tenant_domain: gateway.exchange.tenant.id }),
    check: "tenant domain",
    code: "CREDENTIAL_INVALID",
    fix: "such as contoso.onmicrosoft.com",
  },
  {
    ...broken("password-wrong"),
    check: "certificate password",
    code: "CERTIFICATE_PASSWORD_WRONG",
    fix: "Correct certificate_password",
    failsIngestion: true,
  },
  {
    ...broken("damaged-pfx"),
    check: "certificate password",
    code: "CERTIFICATE_PASSWORD_WRONG",
    fix: "Correct certificate_password",
  },
  {
    ...broken("no-private-key"),
    check: "private key",
    code: "CERTIFICATE_WITHOUT_KEY",
    fix: "Export it again with its private key",
    failsIngestion: true,
  },
  {
    trouble: "the key is no RSA key",
    arrange: (gateway) =>
      store(gateway, {
        certificate: ellipticPfx,
        certificate_password: "elliptic",
        certificate_expires_on: "2100-10-29",
      }),
    check: "key algorithm and size",
    code: "CERTIFICATE_WITHOUT_KEY",
    fix: "RSA key of 2048 bits or more",
  },
  {
    trouble: "the key is of another kind of RSA",
    arrange: (gateway) =>
      store(gateway, {
        certificate: pssPfx,
        certificate_password: "pss",
        certificate_expires_on: "2100-01-01",
      }),
    check: "certificate password",
    code: "CERTIFICATE_WITHOUT_KEY",
    fix: "plain RSA key of 2048 bits or more",
  },
  {
    trouble: "the PFX holds two keys",
    arrange: (gateway) =>
      store(gateway, {
        certificate: twoKeysPfx,
        certificate_password: "two",
        certificate_expires_on: "2100-01-01",
      }),
    check: "certificate password",
    code: "CERTIFICATE_NOT_PFX",
    fix: "the one certificate and its key",
  },
  {
    ...broken("short-key"),
    check: "key algorithm and size",
    code: "CERTIFICATE_NOT_REGISTERED",
    fix: "Make a certificate with an RSA key of 2048 bits or more",
    failsIngestion: true,
  },
  {
    ...broken("expired"),
    check: "certificate validity",
    code: "CERTIFICATE_EXPIRED",
    fix: "Make a new one",
    failsIngestion: true,
  },
  {
    ...broken("not-yet-valid"),
    check: "certificate validity",
    code: "CERTIFICATE_NOT_YET_VALID",
    fix: "Wait for it",
    failsIngestion: true,
  },
];

const refused: BrokenState[] = [
  {
    trouble: "the clock is wrong",
    arrange: ({ exchange }) => void exchange.faults.add({ name: "clock", value: 3600 }),
    check: "clock",
    code: "CLOCK_WRONG",
    fix: "Set the clock",
    failsIngestion: true,
  },
  {
    trouble: "the sign-in host cannot be reached",
    arrange: ({ exchange }) => void exchange.faults.add({ name: "reset", host: "login." }),
    check: "clock",
    code: "SIGN_IN_FAILED",
    fix: "Check the way to login.microsoftonline.com, outlook.office365.com on port 443",
  },
  {
    trouble: "there is no module",
    arrange: () => {
      process.env.EXCHANGE_MODULE_PATH = "/opt/modules/none";
    },
    check: "PowerShell and module",
    code: "MODULE_UNUSABLE",
    fix: "Set EXCHANGE_MODULE_PATH",
  },
  {
    ...broken("unregistered"),
    check: "token",
    code: "CERTIFICATE_NOT_REGISTERED",
    fix: "Upload its public part (.cer) to the app registration (https://portal.azure.com",
    failsIngestion: true,
  },
  {
    ...broken("unknown-app"),
    check: "token",
    code: "APP_NOT_FOUND",
    fix: "Correct app_id",
    failsIngestion: true,
  },
  {
    ...broken("unknown-tenant"),
    check: "token",
    code: "TENANT_NOT_FOUND",
    fix: "Correct tenant_domain",
    failsIngestion: true,
  },
  {
    trouble: "a policy of the tenant refuses the app",
    arrange: ({ exchange }) => void exchange.faults.add({ name: "sign-in-refusal", value: 53003 }),
    check: "token",
    code: "SIGN_IN_REFUSED",
    fix: "https://login.microsoftonline.com/error explains the AADSTS number",
  },
  {
    ...broken("no-app-role"),
    check: "app role",
    code: "APP_ROLE_MISSING",
    fix: "Exchange.ManageAsApp",
    failsIngestion: true,
  },
  {
    ...broken("no-directory-role"),
    check: "directory role",
    code: "DIRECTORY_ROLE_MISSING",
    fix: "Exchange Administrator",
    failsIngestion: true,
  },
  {
    ...broken("no-cmdlet"),
    check: "cmdlet Add-DistributionGroupMember",
    code: "COMMAND_NOT_PERMITTED",
    fix: "Give the app an Exchange role that has Add-DistributionGroupMember",
  },
  {
    trouble: "Exchange answers no read",
    arrange: ({ exchange }) => void exchange.faults.add({ name: "gateway-timeout", cmdlet: "Get-EXORecipient" }),
    check: "read with Get-EXORecipient",
    code: "EXCHANGE_TRANSIENT",
    fix: "Try again in a few minutes",
  },
];

export const brokenStates: readonly BrokenState[] = [...unreadable, ...misshapen, ...noPfx, ...unfit, ...refused];
