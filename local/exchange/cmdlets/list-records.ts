import type { BoundParameters } from "#local/exchange/cmdlets/bind-parameters";
import { badRequest, matchesMultipleEntries, objectNotFound } from "#local/exchange/cmdlets/faults";
import { toMembers } from "#local/exchange/cmdlets/listed-types";
import { resolveIdentity } from "#local/exchange/cmdlets/resolve-identity";
import { compileFilter, narrowByName } from "#local/exchange/filter/compile-filter";
import type { FilterExpression, FilterProperties, Predicate } from "#local/exchange/filter/filter-expression";
import { opathFaults } from "#local/exchange/filter/filter-faults";
import { parseOpath } from "#local/exchange/filter/parse-opath";
import type { DirectoryRecord } from "#local/exchange/tenant/directory-record";
import type { RecipientTypeDetails } from "#local/exchange/tenant/recipient-types";
import type { Tenant } from "#local/exchange/tenant/tenant";
import { isOrganizationalUnit } from "#local/exchange/tenant/tenant-address";

/** The parameters that cmdlets which list objects have in common. */
export const listParameters = {
  Identity: "text",
  Filter: "text",
  RecipientTypeDetails: "texts",
  ResultSize: "size",
  SortBy: "text",
  OrganizationalUnit: "text",
} as const;

/** What a listing cmdlet can show, and what it shows unless types are asked for. */
export type Listing = {
  properties: FilterProperties;
  types: readonly RecipientTypeDetails[];
  typesByDefault?: ReadonlySet<RecipientTypeDetails>;
  /** What else an object has to meet, by parameters of this cmdlet alone. */
  isWanted: Predicate;
};

/** The objects that the common parameters ask for, in order, and what they are in order of if not of their names. */
export function listRecords(
  tenant: Tenant,
  bound: BoundParameters,
  listing: Listing,
): { records: readonly DirectoryRecord[]; sortKey: SortKey | undefined } {
  const { isWanted, expression } = wanted(tenant, bound, listing);
  const identity = bound.text("Identity");
  const sortBy = bound.text("SortBy");
  const sortKey = sortBy === undefined ? undefined : sortKeyOf(sortBy);
  const found =
    identity === undefined
      ? narrowByName(tenant.records, expression).filter(isWanted)
      : resolveIdentity(tenant, identity, isWanted, matchesMultipleEntries);
  return { records: sortKey === undefined ? found : sortRecords(found, sortKey), sortKey };
}

/** `expression` is the filter, where there is one. */
type Wanted = { isWanted: Predicate; expression: FilterExpression | undefined };

function wanted(tenant: Tenant, bound: BoundParameters, listing: Listing): Wanted {
  const asked = bound.texts("RecipientTypeDetails");
  const types = asked
    ? toMembers("RecipientTypeDetails", asked, listing.types)
    : (listing.typesByDefault ?? new Set(listing.types));
  const { expression, passes } = readFilter(tenant, bound.text("Filter"), listing.properties);
  const unit = bound.text("OrganizationalUnit");
  if (unit !== undefined && !isOrganizationalUnit(tenant.address, unit)) throw objectNotFound(tenant, unit);
  return {
    expression,
    isWanted: (record) => types.has(record.recipientTypeDetails) && listing.isWanted(record) && passes(record),
  };
}

function readFilter(tenant: Tenant, filter: string | undefined, properties: FilterProperties) {
  if (filter === undefined || filter.trim() === "") return { expression: undefined, passes: () => true };
  const faults = opathFaults(filter);
  const expression = parseOpath(filter, faults);
  return { expression, passes: compileFilter(expression, properties, faults, tenant) };
}

/** What records are compared by, in lower case. */
export type SortKey = (record: DirectoryRecord) => string;

/** What `-SortBy` takes. */
const sortKeys: Readonly<Record<string, SortKey>> = {
  name: (record) => record.name.toLowerCase(),
  displayname: (record) => record.displayName.toLowerCase(),
  alias: (record) => record.alias.toLowerCase(),
  city: (record) => record.city.toLowerCase(),
  firstname: (record) => record.firstName.toLowerCase(),
  lastname: (record) => record.lastName.toLowerCase(),
  office: (record) => record.office.toLowerCase(),
};

function sortKeyOf(property: string): SortKey {
  const key = sortKeys[property.toLowerCase()];
  if (key !== undefined) return key;
  throw badRequest("System.ArgumentException", `The property "${property}" can't be used to sort the results.`);
}

/** Records in ascending order, equal ones in the order they came. */
function sortRecords(records: readonly DirectoryRecord[], sortKey: SortKey): readonly DirectoryRecord[] {
  const keyed = records.map((record) => ({ record, key: sortKey(record) }));
  keyed.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
  return keyed.map(({ record }) => record);
}
