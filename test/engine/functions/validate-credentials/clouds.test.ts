import type { X509Certificate } from "node:crypto";
import { afterEach, expect, test } from "vitest";
import { environments, hostsOf } from "#exchange/environments";
import { generateTenant } from "#local/exchange/tenant/generate";
import { type ExchangeEnvironmentName, exchangeEnvironmentNames } from "#runtime/configuration";
import { type Gateway, startGateway } from "#test/support/gateway";

let gateway: Gateway;

afterEach(() => gateway.stop());

async function start(environment: ExchangeEnvironmentName): Promise<void> {
  gateway = await startGateway({
    tenant: generateTenant({ users: 3, groups: 1, seed: 1, environment }),
    environment,
  });
}

test.each(exchangeEnvironmentNames)(
  "connects and reads in %s, at that cloud's hosts, and changes nothing",
  async (name) => {
    await start(name);
    const { exchange } = gateway;

    const validation = await gateway.validateCredentials();

    expect(validation.checks.filter(({ status }) => status !== "pass")).toEqual([]);
    expect(validation.certificate).toEqual(describe(exchange.app.certificates[0]));
    expect(new Set(exchange.requests.map(({ host }) => host))).toEqual(new Set(hostsOf(environments[name])));
    expect(exchange.requests.filter(({ cmdlet }) => cmdlet && !cmdlet.startsWith("Get-"))).toEqual([]);
    expect(exchange.tenant.domain).toBe(`contoso1.${environments[name].domainSuffix}`);
  },
);

test("an ingestion gives advice for the cloud that the tenant lies in", async () => {
  await start("O365USGovGCCHigh");
  const store = (tenant_domain: string) =>
    gateway.replaceSecretForGood(JSON.stringify({ ...gateway.exchange.secret, tenant_domain }));

  store("contoso");
  await expect(gateway.ingestUsers()).rejects.toThrow("such as contoso.onmicrosoft.us");
  store("fabrikam.onmicrosoft.us");
  await expect(gateway.ingestUsers()).rejects.toThrow("contoso.onmicrosoft.us being the surest form");
});

test("works, and says what to look at, for an app whose domain, rights and certificate may be better", async () => {
  await start("O365Default");
  const { exchange } = gateway;
  const secret = await exchange.app.issueSecret({ notAfter: new Date(Date.now() + 10.5 * 24 * 3_600_000) });
  gateway.replaceSecret(
    JSON.stringify({ ...secret, tenant_domain: "contoso.com", certificate_expires_on: "2099-01-01" }),
  );
  exchange.faults.add({ name: "clock", value: 120 });
  exchange.app.rights = {
    withoutParameters: {
      "Add-DistributionGroupMember": ["BypassSecurityGroupManagerCheck"],
      "New-DistributionGroup": ["Type"],
    },
  };

  const { status, checks } = await gateway.validateCredentials();

  expect(status).toBe("warn");
  expect(checks.filter((check) => check.status !== "pass").map(({ name, found }) => `${name}: ${found}`)).toEqual([
    "tenant domain: contoso.com is a domain of the organization's own.",
    expect.stringMatching(/^certificate validity: .*10 days left$/),
    expect.stringMatching(/^stated expiry date: certificate_expires_on is 2099-01-01/),
    expect.stringMatching(/^clock: 1\d\d s behind login/),
    expect.stringMatching(/^cmdlet Add-DistributionGroupMember: there without BypassSecurityGroupManagerCheck/),
    expect.stringMatching(/^cmdlet New-DistributionGroup: there without Type/),
  ]);
});

/** A certificate as Microsoft Entra ID shows it. */
function describe(registered: X509Certificate | undefined) {
  return {
    subject: "CN=exchange-online-gateway",
    thumbprint: registered?.fingerprint.replaceAll(":", ""),
    notBefore: registered?.validFromDate.toISOString(),
    notAfter: registered?.validToDate.toISOString(),
    daysLeft: 364,
  };
}
