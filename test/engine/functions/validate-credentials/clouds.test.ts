import { afterEach, expect, test } from "vitest";
import { expectConnectedInCloud, startInCloud } from "#test/support/connect-in-cloud";
import type { Gateway } from "#test/support/gateway";

let gateway: Gateway;

afterEach(() => gateway.stop());

test("connects, reads and gives advice for the cloud that the tenant lies in", async () => {
  gateway = await startInCloud("O365USGovGCCHigh");
  const store = (tenant_domain: string) =>
    gateway.replaceSecretForGood(JSON.stringify({ ...gateway.exchange.secret, tenant_domain }));

  await expectConnectedInCloud(gateway, "O365USGovGCCHigh");
  store("contoso");
  await expect(gateway.ingestUsers()).rejects.toThrow("such as contoso.onmicrosoft.us");
  store("fabrikam.onmicrosoft.us");
  await expect(gateway.ingestUsers()).rejects.toThrow("contoso.onmicrosoft.us being the surest form");
});

test("works, and says what to look at, for an app whose domain, rights and certificate may be better", async () => {
  gateway = await startInCloud("O365Default");
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
