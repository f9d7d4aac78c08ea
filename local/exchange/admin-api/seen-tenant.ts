import type { Call } from "#local/exchange/exchange";
import { LaggingTenant } from "#local/exchange/tenant/lagging-tenant";
import type { Tenant } from "#local/exchange/tenant/tenant";

/** The tenant as the domain controller shows it that answers this call. */
export function seenTenant({ exchange, faults, nowMs }: Call): Tenant {
  const lagSeconds = faults.valueOf("late-objects");
  return lagSeconds === undefined ? exchange.tenant : new LaggingTenant(exchange.tenant, nowMs - lagSeconds * 1000);
}
