export const projectName = "exchange-online-gateway";

/** The name of a tenant's stack, or of a part of it: `exchange-online-gateway-contoso-ingest-users`. */
export function nameOf(tenant: string, part?: string): string {
  return [projectName, tenant, part].filter(Boolean).join("-");
}
