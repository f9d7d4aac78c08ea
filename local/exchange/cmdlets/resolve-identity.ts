import {
  type CmdletFault,
  multipleRecipients,
  objectNotFound,
  recipientNotFound,
} from "#local/exchange/cmdlets/faults";
import { matcher } from "#local/exchange/filter/compile-comparison";
import type { Predicate } from "#local/exchange/filter/filter-expression";
import type { DirectoryRecord } from "#local/exchange/tenant/directory-record";
import type { Tenant } from "#local/exchange/tenant/tenant";

/**
 * The one wanted object an identity names, or, where it begins or ends with an asterisk, all whose name, display name
 * or alias fits. Throws where there is none, and `ambiguous` where a plain identity names several.
 */
export function resolveIdentity(
  tenant: Tenant,
  identity: string,
  isWanted: Predicate,
  ambiguous: (identity: string) => CmdletFault,
): readonly DirectoryRecord[] {
  const isPattern = identity.startsWith("*") || identity.endsWith("*");
  const found = isPattern ? findByPattern(tenant, identity, isWanted) : tenant.find(identity, isWanted);
  if (found.length === 0) throw objectNotFound(tenant, identity);
  if (found.length > 1 && !isPattern) throw ambiguous(identity);
  return found;
}

/** The one wanted object that a parameter other than a Get- cmdlet's Identity names; an asterisk stands for itself. */
export function resolveRecipient(tenant: Tenant, identity: string, isWanted: Predicate): DirectoryRecord {
  const [found, another] = tenant.find(identity, isWanted);
  if (found === undefined) throw recipientNotFound(identity);
  if (another !== undefined) throw multipleRecipients(identity);
  return found;
}

function findByPattern(tenant: Tenant, identity: string, isWanted: Predicate): readonly DirectoryRecord[] {
  const hasStart = identity.startsWith("*");
  const hasEnd = identity.length > 1 && identity.endsWith("*");
  const text = identity.slice(hasStart ? 1 : 0, hasEnd ? -1 : undefined);
  const fits = matcher(hasStart ? ["", text, ...(hasEnd ? [""] : [])] : [text, ""]);
  return tenant.records.filter(
    (record) => isWanted(record) && (fits(record.name) || fits(record.displayName) || fits(record.alias)),
  );
}
