import type { DirectoryRecord } from "#local/exchange/tenant/directory-record";
import type { NewRecord } from "#local/exchange/tenant/new-record";
import type { Tenant } from "#local/exchange/tenant/tenant";

let count = 0;

/** Adds a person, or what the fields say, with a name of its own. */
export function addPerson(tenant: Tenant, fields: Partial<NewRecord> = {}): DirectoryRecord {
  count += 1;
  return tenant.addUser({ name: `person-${count}`, ...fields });
}

/** Adds a distribution list, or what the fields say, with these members. */
export function addList(
  tenant: Tenant,
  members: readonly DirectoryRecord[],
  fields: Partial<NewRecord> = {},
): DirectoryRecord {
  count += 1;
  const list = tenant.addGroup({ name: `list-${count}`, ...fields });
  for (const member of members) tenant.addMember(list, member);
  return list;
}
