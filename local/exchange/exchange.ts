import type { ExchangeEnvironment } from "#exchange/clouds";
import type { PageLinks } from "#local/exchange/admin-api/page-links";
import type { AppRegistration } from "#local/exchange/app-registration";
import type { MetFaults } from "#local/exchange/fault-switches";
import type { HttpRequest } from "#local/exchange/http";
import type { AccessTokens } from "#local/exchange/sign-in/access-token";
import type { Tenant } from "#local/exchange/tenant/tenant";

/** What answers are made of. */
export type Exchange = {
  environment: ExchangeEnvironment;
  tenant: Tenant;
  app: AppRegistration;
  tokens: AccessTokens;
  tokenLifeSeconds: number;
  pageLinks: PageLinks;
  /** What one answer holds at most, whatever a client prefers. */
  pageRows: number;
  /** How long served cmdlets wait before they repeat a request for the first time. */
  repeatBaseMs: number;
};

/** One request, the faults that meet it, and the server's clock as they leave it. */
export type Call = { request: HttpRequest; exchange: Exchange; faults: MetFaults; nowMs: number };

/** Whether a text names the tenant: its id, or one of its domains. */
export function isTenantName({ tenant }: Exchange, text: string): boolean {
  const name = text.toLowerCase();
  return name === tenant.id.toLowerCase() || tenant.acceptedDomains.some((domain) => domain.toLowerCase() === name);
}
