import type { DirectoryObject } from "#local/exchange/answer/json-answer";
import { multipleRecipients, objectNotFound } from "#local/exchange/cmdlets/faults";
import { recipientListTypes, toMembers } from "#local/exchange/cmdlets/listed-types";
import type { Property } from "#local/exchange/cmdlets/property";
import { showRecord } from "#local/exchange/cmdlets/property-table";
import { recipientProperties, recipientPropertySets } from "#local/exchange/cmdlets/recipient-properties";
import { resolveIdentity } from "#local/exchange/cmdlets/resolve-identity";
import { compileFilter, narrowByName } from "#local/exchange/filter/compile-filter";
import type { FilterExpression, Predicate } from "#local/exchange/filter/filter-expression";
import { odataFaults, unknownODataProperty } from "#local/exchange/filter/filter-faults";
import { parseOData } from "#local/exchange/filter/parse-odata";
import { recipientTypeNames, recipientTypeOf } from "#local/exchange/tenant/recipient-types";
import type { Tenant } from "#local/exchange/tenant/tenant";
import { isOrganizationalUnit } from "#local/exchange/tenant/tenant-address";

/** What a request for Recipient asks. Absent, null and empty text are alike: no such condition. */
export type RecipientQuery = {
  identity?: string | null | undefined;
  /** OData's `$filter`. */
  filter?: string | null | undefined;
  recipientTypeDetails?: readonly string[] | undefined;
  recipientType?: readonly string[] | undefined;
  organizationalUnit?: string | null | undefined;
  /** OData's `$select`. */
  select: readonly string[];
  /** Names of property sets with commas between; Minimum where neither these nor `select` say anything. */
  propertySet?: string | undefined;
};

const recipientTypeName = "Deserialized.Microsoft.Exchange.Admin.OData.Recipient";

/** Every recipient that fits, sorted by name, with the properties asked for and no others. Throws CmdletFault. */
export function queryRecipients(tenant: Tenant, query: RecipientQuery): readonly DirectoryObject[] {
  const properties = selectProperties(query);
  const { isWanted, expression } = wanted(tenant, query);
  const found = query.identity
    ? resolveIdentity(tenant, query.identity, isWanted, multipleRecipients)
    : narrowByName(tenant.records, expression).filter(isWanted);
  return found.map((record) => showRecord([recipientTypeName], properties, record, tenant));
}

/** `$select` decides alone, unless a property set beyond Minimum is asked for with it. */
function selectProperties({ select, propertySet }: RecipientQuery): readonly Property[] {
  const sets = (propertySet ?? "")
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "");
  const wantedSets = select.length > 0 ? sets.filter((name) => name.toLowerCase() !== "minimum") : sets;
  const names = [...select, ...(select.length + sets.length > 0 ? wantedSets : ["Minimum"]).flatMap(namesInSet)];
  return [...new Set(names.map(findProperty))];
}

function namesInSet(name: string): readonly string[] {
  const names = recipientPropertySets[name.toLowerCase()];
  if (names === undefined) throw unknownODataProperty(name);
  return names;
}

function findProperty(name: string): Property {
  const property = recipientProperties.get(name.trim());
  if (property === undefined) throw unknownODataProperty(name);
  return property;
}

/** `expression` is the filter, where there is one. */
type Wanted = { isWanted: Predicate; expression: FilterExpression | undefined };

function wanted(tenant: Tenant, query: RecipientQuery): Wanted {
  const listed = toMembers(
    "RecipientTypeDetails",
    nonEmpty(query.recipientTypeDetails) ?? recipientListTypes,
    recipientListTypes,
  );
  const types = toMembers("RecipientType", nonEmpty(query.recipientType) ?? recipientTypeNames, recipientTypeNames);
  const { expression, passes } = readFilter(tenant, query.filter ?? "");
  const unit = query.organizationalUnit;
  if (unit && !isOrganizationalUnit(tenant.address, unit)) throw objectNotFound(tenant, unit);
  const kinds = new Set([...listed].filter((kind) => types.has(recipientTypeOf(kind))));
  return { expression, isWanted: (record) => kinds.has(record.recipientTypeDetails) && passes(record) };
}

function nonEmpty(values: readonly string[] | undefined): readonly string[] | undefined {
  return values && values.length > 0 ? values : undefined;
}

function readFilter(tenant: Tenant, filter: string) {
  if (filter.trim() === "") return { expression: undefined, passes: () => true };
  const faults = odataFaults(filter);
  const expression = parseOData(filter, faults);
  return { expression, passes: compileFilter(expression, recipientProperties, faults, tenant) };
}
