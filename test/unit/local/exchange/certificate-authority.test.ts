import { X509Certificate } from "node:crypto";
import { connect } from "node:tls";
import { expect, test } from "vitest";
import { createCertificateAuthority } from "#local/exchange/certificate";
import { startExchange } from "#local/exchange/server";
import { generateTenant } from "#local/exchange/tenant/generate";
import { openTls, openTunnel } from "#test/support/http-client";

const host = "outlook.office365.com";

test("signs a server's certificate that names its host and its authority", async () => {
  const authority = await createCertificateAuthority();

  const { certificate } = authority.issueServerCertificate(host);

  const issuer = new X509Certificate(authority.pem);
  expect(certificate.verify(issuer.publicKey)).toBe(true);
  expect(certificate.checkIssued(issuer)).toBe(true);
  expect(certificate.checkHost(host)).toBe(host);
  expect(certificate.checkHost("login.microsoftonline.com")).toBeUndefined();
  expect(issuer.ca).toBe(true);
  expect(certificate.ca).toBe(false);
  expect(certificate.keyUsage).toEqual(["1.3.6.1.5.5.7.3.1"]);
});

test("is valid for a client whose clock is hours behind, and not for longer than clients allow", async () => {
  const authority = await createCertificateAuthority();

  const { certificate } = authority.issueServerCertificate(host);

  const dayMs = 24 * 3_600_000;
  expect(Date.now() - Date.parse(certificate.validFrom)).toBeGreaterThan(dayMs / 2);
  expect(Date.parse(certificate.validTo) - Date.parse(certificate.validFrom)).toBeLessThan(398 * dayMs);
});

test("is trusted by those who know it alone", async () => {
  const exchange = await startExchange({ tenant: generateTenant({ users: 1, groups: 0, seed: 1 }) });
  const stranger = await createCertificateAuthority();

  const trusted = openTls(exchange.proxy, host, exchange.caCertificate);
  const distrusted = openTls(exchange.proxy, host, stranger.pem);

  expect((await trusted).authorized).toBe(true);
  await expect(distrusted).rejects.toThrow(/certificate|signature/i);
  await exchange.stop();
});

test("gives each host the certificate of the tunnel it was asked through", async () => {
  const exchange = await startExchange({ tenant: generateTenant({ users: 1, groups: 0, seed: 1 }) });
  const { socket } = await openTunnel(exchange.proxy, "login.microsoftonline.com:443");

  const failure = await new Promise<Error>((resolve) => {
    connect({ socket, servername: host, ca: exchange.caCertificate }).once("error", resolve);
  });

  expect(failure.message).toMatch(/does not match certificate/);
  await exchange.stop();
});
