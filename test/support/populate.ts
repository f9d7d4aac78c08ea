import type { DirectoryRecord, NewRecord } from "#local/exchange/tenant/directory-record";
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

/** All Employees: regions, teams in them, and people in the teams. */
export function addCompany(tenant: Tenant, size: { people: number; regions: number; teams: number }) {
  const company = tenant.addGroup({ name: "all-employees", displayName: "All Employees" });
  const regions = Array.from({ length: size.regions }, (_, index) =>
    addList(tenant, [], { displayName: `Region ${index}` }),
  );
  const teams = Array.from({ length: size.teams }, (_, index) => addList(tenant, [], { displayName: `Team ${index}` }));
  const people = tenant.addUsers(Array.from({ length: size.people }, (_, index) => ({ name: `employee-${index}` })));
  for (const region of regions) tenant.addMember(company, region);
  for (const [index, team] of teams.entries()) tenant.addMember(regions[index % regions.length] ?? company, team);
  for (const [index, person] of people.entries()) tenant.addMember(teams[index % teams.length] ?? company, person);
  return { company, regions, teams, people };
}
