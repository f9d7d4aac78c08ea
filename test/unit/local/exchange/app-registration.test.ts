import { X509Certificate } from "node:crypto";
import { createSecureContext } from "node:tls";
import { expect, test } from "vitest";
import { AppRegistration } from "#local/exchange/app-registration";
import { readPfx } from "#test/support/app-client";

const domain = "contoso.onmicrosoft.com";

test("issues a secret of the five names whose PFX OpenSSL opens with its password alone", async () => {
  const app = new AppRegistration(domain);

  const secret = await app.issueSecret();

  const pfx = Buffer.from(secret.certificate, "base64");
  expect(Object.keys(secret)).toEqual([
    "app_id",
    "tenant_domain",
    "certificate",
    "certificate_password",
    "certificate_expires_on",
  ]);
  expect(secret).toMatchObject({ app_id: app.appId, tenant_domain: domain });
  expect(() => createSecureContext({ pfx, passphrase: secret.certificate_password })).not.toThrow();
  expect(() => createSecureContext({ pfx, passphrase: "wrong" })).toThrow(/mac verify failure/i);
});

test("states the day the certificate expires on", async () => {
  const secret = await new AppRegistration(domain).issueSecret({ notAfter: new Date("2031-05-06T23:59:59Z") });

  expect(secret.certificate_expires_on).toBe("2031-05-06");
  expect(new X509Certificate(readPfx(secret).der).validTo).toBe("May  6 23:59:59 2031 GMT");
});

test("makes keys of other sizes, and a PFX without its key", async () => {
  const app = new AppRegistration(domain);

  const small = await app.issueSecret({ keyBits: 1024 });
  const keyless = await app.issueSecret({ hasKey: false });

  expect(new X509Certificate(readPfx(small).der).publicKey.asymmetricKeyDetails?.modulusLength).toBe(1024);
  expect(readPfx(keyless).privateKey).toBeUndefined();
});

test("registers a certificate unless told not to", async () => {
  const app = new AppRegistration(domain);

  const secret = await app.issueSecret();
  await app.issueSecret({ isRegistered: false });

  expect(app.certificates.map((certificate) => certificate.raw)).toEqual([readPfx(secret).der]);
});
