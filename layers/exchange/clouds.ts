import table from "#exchange/environments.json" with { type: "json" };
import type { ExchangeEnvironmentName } from "#runtime/configuration";

/** One of Microsoft's clouds: where its clients sign in, where its Exchange Online is, and where its administrators work. */
export type ExchangeEnvironment = {
  /** Where the module begins to sign in. */
  signInHost: string;
  /** What that host's discovery document says: where to sign in from then on, and under which names the cloud is known. */
  preferredNetwork: string;
  preferredCache: string;
  signInAliases: readonly string[];
  tokenIssuerHost: string;
  exchangeHost: string;
  /** What the domain ends with that every tenant has from its beginning. */
  domainSuffix: string;
  portalHost: string;
};

/**
 * Every cloud by the name that Connect-ExchangeOnline's -ExchangeEnvironmentName has for it. Nothing else names a host.
 * https://learn.microsoft.com/powershell/module/exchangepowershell/connect-exchangeonline
 * https://learn.microsoft.com/entra/identity-platform/authentication-national-cloud
 */
export const environments: Readonly<Record<ExchangeEnvironmentName, ExchangeEnvironment>> = table;

/** The hosts that have to be reached, on port 443. */
export function hostsOf({ signInHost, preferredNetwork, exchangeHost }: ExchangeEnvironment): readonly string[] {
  return [...new Set([signInHost, preferredNetwork, exchangeHost])];
}

/**
 * The application permission that lets an app into Exchange Online's PowerShell, and whose it is: Office 365 Exchange
 * Online. https://learn.microsoft.com/powershell/exchange/app-only-auth-powershell-v2
 */
export const appPermission = {
  name: "Exchange.ManageAsApp",
  id: "dc50a0fb-09a3-484d-be87-e023b12c6440",
  resourceAppId: "00000002-0000-0ff1-ce00-000000000000",
} as const;
