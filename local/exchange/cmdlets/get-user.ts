import type { DirectoryObject } from "#local/exchange/answer/directory-object";
import type { JsonValue } from "#local/exchange/answer/json-value";
import { type BoundParameters, bindParameters } from "#local/exchange/cmdlets/bind-parameters";
import { matchesMultipleEntries, objectNotFound } from "#local/exchange/cmdlets/faults";
import { toMembers, userTypes } from "#local/exchange/cmdlets/listed-types";
import { showRecord } from "#local/exchange/cmdlets/property-table";
import { resolveIdentity } from "#local/exchange/cmdlets/resolve-identity";
import type { ParameterKind, ServedCmdlet } from "#local/exchange/cmdlets/served-cmdlet";
import { sortRecords } from "#local/exchange/cmdlets/sort-records";
import { userProperties, userTypeNames } from "#local/exchange/cmdlets/user-properties";
import { compileFilter } from "#local/exchange/filter/compile-filter";
import { opathFaults } from "#local/exchange/filter/filter-faults";
import { parseOpath } from "#local/exchange/filter/parse-opath";
import type { Predicate } from "#local/exchange/filter/predicate";
import type { Tenant } from "#local/exchange/tenant/tenant";
import { isOrganizationalUnit } from "#local/exchange/tenant/tenant-address";

const parameters = {
  Identity: "text",
  Filter: "text",
  RecipientTypeDetails: "texts",
  ResultSize: "size",
  SortBy: "text",
  OrganizationalUnit: "text",
  IsVIP: "switch",
} as const satisfies Record<string, ParameterKind>;

/** Public folder mailboxes are shown only when asked for. */
const typesByDefault = new Set(userTypes.filter((type) => type !== "PublicFolderMailbox"));

/** Every account, with a mailbox or without; one that is empty as identity counts as none given. */
export const getUser: ServedCmdlet = {
  name: "Get-User",
  access: "read",
  parameters,
  run: (tenant, given) => run(tenant, given),
};

function run(tenant: Tenant, given: Readonly<Record<string, JsonValue>>): readonly DirectoryObject[] {
  const bound = bindParameters(parameters, given);
  const isWanted = wanted(tenant, bound);
  const identity = bound.text("Identity");
  const sortBy = bound.text("SortBy");
  const found =
    identity === undefined
      ? tenant.records.filter(isWanted)
      : resolveIdentity(tenant, identity, isWanted, matchesMultipleEntries);

  const sorted = sortBy === undefined ? found : sortRecords(found, sortBy);
  return sorted.map((record) => showRecord(userTypeNames, userProperties.properties, record, tenant));
}

function wanted(tenant: Tenant, bound: BoundParameters): Predicate {
  const asked = bound.texts("RecipientTypeDetails");
  const types = asked ? toMembers("RecipientTypeDetails", asked, userTypes) : typesByDefault;
  const passes = compile(tenant, bound.text("Filter"));
  const unit = bound.text("OrganizationalUnit");
  if (unit !== undefined && !isOrganizationalUnit(tenant.address, unit)) throw objectNotFound(tenant, unit);
  const isVipOnly = bound.isOn("IsVIP");
  return (record) => types.has(record.recipientTypeDetails) && (!isVipOnly || record.isVip) && passes(record);
}

function compile(tenant: Tenant, filter: string | undefined): Predicate {
  if (filter === undefined || filter.trim() === "") return () => true;
  const faults = opathFaults(filter);
  return compileFilter(parseOpath(filter, faults), userProperties, faults, tenant);
}
