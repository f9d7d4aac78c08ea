import type { X509Certificate } from "node:crypto";
import { expect } from "vitest";
import { environments, hostsOf } from "#exchange/clouds";
import { generateTenant } from "#local/exchange/tenant/generate";
import type { ExchangeEnvironmentName } from "#runtime/configuration";
import { type Gateway, startGateway } from "#test/support/gateway";

/** A gateway whose tenant lies in one of Microsoft's clouds. */
export function startInCloud(environment: ExchangeEnvironmentName): Promise<Gateway> {
  return startGateway({ tenant: generateTenant({ users: 3, groups: 1, seed: 1, environment }), environment });
}

/** Expects it to connect and read at that cloud's hosts alone, and to change nothing. */
export async function expectConnectedInCloud(gateway: Gateway, name: ExchangeEnvironmentName): Promise<void> {
  const { exchange } = gateway;

  const validation = await gateway.validateCredentials();

  expect(validation.checks.filter(({ status }) => status !== "pass")).toEqual([]);
  expect(validation.certificate).toEqual(describe(exchange.app.certificates[0]));
  expect(new Set(exchange.requests.map(({ host }) => host))).toEqual(new Set(hostsOf(environments[name])));
  expect(exchange.requests.filter(({ cmdlet }) => cmdlet && !cmdlet.startsWith("Get-"))).toEqual([]);
  expect(exchange.tenant.domain).toBe(`contoso1.${environments[name].domainSuffix}`);
}

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
