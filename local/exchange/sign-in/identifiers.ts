const guid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const domain = /^[a-z0-9-]+(?:\.[a-z0-9-]+)+$/i;

export function isGuid(text: string): boolean {
  return guid.test(text);
}

/** Whether a text can name a tenant at all: a GUID, or a domain. */
export function isTenantIdentifier(text: string): boolean {
  return isGuid(text) || domain.test(text);
}
