import { afterEach, expect, test } from "vitest";
import type { ExchangeOptions } from "#local/exchange/server";
import { generateTenant } from "#local/exchange/tenant/generate";
import { type Gateway, startGateway } from "#test/support/gateway";

const tenant = generateTenant({ users: 3, groups: 0, seed: 1 });

let gateway: Gateway;

afterEach(() => gateway.stop());

const day = 24 * 60 * 60 * 1000;
const past = { notBefore: new Date(Date.now() - 400 * day), notAfter: new Date(Date.now() - day) };
const future = { notBefore: new Date(Date.now() + day), notAfter: new Date(Date.now() + 400 * day) };

type Secret = Record<string, string>;
type Case = {
  trouble: string;
  code: string;
  /** What the message has to tell to do. */
  fix: string;
  exchange?: Partial<ExchangeOptions>;
  change?: (secret: Secret) => object;
};

const cases: Case[] = [
  {
    trouble: "the certificate's password is wrong",
    code: "CERTIFICATE_PASSWORD_WRONG",
    fix: "Correct certificate_password",
    change: (secret) => ({ ...secret, certificate_password: "not this one" }),
  },
  {
    trouble: "the certificate is base64 of something else",
    code: "CERTIFICATE_NOT_PFX",
    fix: "Make a .pfx",
    change: (secret) => ({ ...secret, certificate: Buffer.from("no certificate at all").toString("base64") }),
  },
  {
    trouble: "the PFX lacks the private key",
    code: "CERTIFICATE_WITHOUT_KEY",
    fix: "Export it again with its private key",
    exchange: { certificate: { hasKey: false } },
  },
  {
    trouble: "the certificate has expired",
    code: "CERTIFICATE_EXPIRED",
    fix: "Make a new one",
    exchange: { certificate: past },
  },
  {
    trouble: "the certificate is not yet valid",
    code: "CERTIFICATE_NOT_YET_VALID",
    fix: "Wait for it",
    exchange: { certificate: future },
  },
  {
    trouble: "the certificate is not registered on the app",
    code: "CERTIFICATE_NOT_REGISTERED",
    fix: "Upload its public part",
    exchange: { certificate: { isRegistered: false } },
  },
  {
    trouble: "the app is unknown",
    code: "APP_NOT_FOUND",
    fix: "Correct app_id",
    change: (secret) => ({ ...secret, app_id: "11111111-2222-3333-4444-555555555555" }),
  },
  {
    trouble: "the tenant is unknown",
    code: "TENANT_NOT_FOUND",
    fix: "Correct tenant_domain",
    change: (secret) => ({ ...secret, tenant_domain: "fabrikam.onmicrosoft.com" }),
  },
  {
    trouble: "the app role is missing",
    code: "APP_ROLE_MISSING",
    fix: "Exchange.ManageAsApp",
    exchange: { app: { hasAppRole: false } },
  },
  {
    trouble: "the directory role is missing",
    code: "DIRECTORY_ROLE_MISSING",
    fix: "Exchange Administrator",
    exchange: { app: { hasDirectoryRole: false } },
  },
  {
    trouble: "the clock is wrong",
    code: "CLOCK_WRONG",
    fix: "Set the clock",
    exchange: { faults: [{ name: "clock", value: 3600 }] },
  },
  {
    trouble: "the credential is a user's name and password",
    code: "CREDENTIAL_LEGACY",
    fix: "certificate",
    change: () => ({ username: "admin@contoso.com", password: "secret" }),
  },
];

test.each(cases)(
  "says what to fix when $trouble",
  async ({ code, fix, exchange = {}, change = (secret) => secret }) => {
    gateway = await startGateway({ tenant, ...exchange });
    const secret = JSON.stringify(change({ ...gateway.exchange.secret }));
    gateway.replaceSecret(secret);
    gateway.replaceSecret(secret); // nor is the version before it any better

    const run = gateway.ingestUsers();

    await expect(run).rejects.toMatchObject({ code, retryable: code === "CLOCK_WRONG" });
    await expect(run).rejects.toThrow(fix);
    expect(gateway.readLatest()?.published ?? null).toBeNull();
  },
);

test("publishes as soon as the secret and then the roles are mended, without a restart", async () => {
  gateway = await startGateway({ tenant, app: { hasDirectoryRole: false } });
  gateway.replaceSecret(JSON.stringify({ ...gateway.exchange.secret, certificate_password: "not this one" }));
  await expect(gateway.ingestUsers()).rejects.toMatchObject({ code: "CERTIFICATE_PASSWORD_WRONG" });

  gateway.replaceSecret(JSON.stringify(await gateway.exchange.app.issueSecret()));
  await expect(gateway.ingestUsers()).rejects.toMatchObject({ code: "DIRECTORY_ROLE_MISSING" });

  gateway.exchange.app.hasDirectoryRole = true;
  expect(await gateway.ingestUsers()).toMatchObject({ status: "published", rows: 3 });
});

test("publishes with the version of the secret before, where the current one cannot be used", async () => {
  gateway = await startGateway({ tenant });
  gateway.replaceSecret(JSON.stringify(await gateway.exchange.app.issueSecret({ isRegistered: false })));

  expect(await gateway.ingestUsers()).toMatchObject({ status: "published", rows: 3 });
});

test("says that there is no such secret", async () => {
  gateway = await startGateway({ tenant });
  process.env.GATEWAY_SECRET_ID = "another";

  await expect(gateway.ingestUsers()).rejects.toMatchObject({ code: "SECRET_NOT_FOUND" });
});

test.each(["GATEWAY_BUCKET", "GATEWAY_SECRET_ID"])("names the missing variable %s", async (name) => {
  gateway = await startGateway({ tenant });
  delete process.env[name];

  await expect(gateway.ingestUsers()).rejects.toMatchObject({
    code: "CONFIGURATION_INVALID",
    message: expect.stringContaining(name),
  });
});

test.each([{ scheduledTime: "yesterday" }, { dryrun: true }, { dryRun: "yes" }])(
  "refuses the event %j",
  async (event) => {
    gateway = await startGateway({ tenant });

    await expect(gateway.ingestUsers(event)).rejects.toMatchObject({ code: "EVENT_INVALID" });
  },
);
