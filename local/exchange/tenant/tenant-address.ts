import { type DirectoryRecord, escapeDnValue, splitDistinguishedName } from "#local/exchange/tenant/directory-record";

/** Where a tenant lies in Exchange Online's directory. */
export type TenantAddress = {
  /** The domain that the tenant has had from its beginning. */
  domain: string;
  /** `EURPR07A013.PROD.OUTLOOK.COM` */
  forest: string;
  /** The domain controller that answers, `AM0PR07A13DC001.EURPR07A013.PROD.OUTLOOK.COM`. */
  serverName: string;
  /** The DN of the tenant's organizational unit, the only one it has. */
  organizationalUnitDn: string;
  /** The same as a canonical name. */
  organizationalUnitPath: string;
  organizationId: string;
};

const hostedOrganizations = "Microsoft Exchange Hosted Organizations";

export function createTenantAddress(domain: string, forest: string, server: string): TenantAddress {
  const domainComponents = forest.split(".").map((part) => `DC=${part}`);
  const organizationalUnitPath = `${forest}/${hostedOrganizations}/${domain}`;
  return {
    domain,
    forest,
    serverName: `${server}.${forest}`,
    organizationalUnitDn: [`OU=${domain}`, `OU=${hostedOrganizations}`, ...domainComponents].join(","),
    organizationalUnitPath,
    organizationId: `${organizationalUnitPath} - ${forest}/ConfigurationUnits/${domain}/Configuration`,
  };
}

export function distinguishedNameOf(address: TenantAddress, name: string): string {
  return `CN=${escapeDnValue(name)},${address.organizationalUnitDn}`;
}

/** `/o=ExchangeLabs/ou=…/cn=Recipients/cn=<32 digits>-<alias>`; empty for what has no mail. */
export function legacyExchangeDnOf(record: DirectoryRecord): string {
  if (record.alias === "") return "";
  const digits = record.guid.replaceAll("-", "");
  return `/o=ExchangeLabs/ou=Exchange Administrative Group (FYDIBOHF23SPDLT)/cn=Recipients/cn=${digits}-${record.alias}`;
}

/** The GUID in a legacyExchangeDN that Exchange Online made; undefined where the text is none. */
export function guidInLegacyExchangeDn(text: string): string | undefined {
  const match = /^\/o=ExchangeLabs\/.*\/cn=([0-9a-f]{8})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{12})-/i.exec(
    text,
  );
  return match ? match.slice(1).join("-") : undefined;
}

/** The name in a DN, a canonical name or `domain\name` of this tenant; undefined where the text is none of these. */
export function nameInTenant(address: TenantAddress, text: string): string | undefined {
  const parts = splitDistinguishedName(text);
  if (parts) return isSameText(parts.parent, address.organizationalUnitDn) ? parts.name : undefined;

  const prefixes = [`${address.organizationalUnitPath}/`, `${address.domain}/`, `${address.domain}\\`];
  const prefix = prefixes.find((candidate) => isSameText(text.slice(0, candidate.length), candidate));
  return prefix === undefined ? undefined : text.slice(prefix.length);
}

/** Whether a text names this tenant's organizational unit, the only one a tenant has. */
export function isOrganizationalUnit(address: TenantAddress, text: string): boolean {
  const names = [address.domain, address.organizationalUnitDn, address.organizationalUnitPath];
  return names.some((name) => isSameText(name, text));
}

function isSameText(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}
