import type { ComparisonOperator, FilterValue } from "#local/exchange/filter/filter-expression";
import type { FilterFaults } from "#local/exchange/filter/filter-faults";
import type { FilterProperty } from "#local/exchange/filter/filter-property";
import { toBoolean, toEnumeration, toGuid, toInteger, toTimeMs } from "#local/exchange/filter/filter-values";
import type { Predicate } from "#local/exchange/filter/predicate";
import type { Tenant } from "#local/exchange/tenant/tenant";
import { nameInTenant } from "#local/exchange/tenant/tenant-address";

/** `-eq`, `-ne`, `-lt` …: `-ne` is the exact negation of `-eq`, and nothing is less or greater than no value. */
export function compileComparison(
  property: FilterProperty,
  operator: ComparisonOperator,
  value: FilterValue,
  faults: FilterFaults,
  tenant: Tenant,
): Predicate {
  if (operator === "ne") {
    const isEqual = compileComparison(property, "eq", value, faults, tenant);
    return (record) => !isEqual(record);
  }
  if (operator !== "eq") return compileOrder(property, operator, value, faults, tenant);
  if (value === null || value === "") return compileIsEmpty(property, tenant);
  return compileEquals(property, value, faults, tenant);
}

function compileIsEmpty(property: FilterProperty, tenant: Tenant): Predicate {
  switch (property.kind) {
    case "link":
      return (record) => property.isEmpty(record, tenant);
    case "texts":
      return (record) => property.read(record, tenant).length === 0;
    case "time":
    case "integer":
      return (record) => property.read(record, tenant) === undefined;
    case "boolean":
      return () => false;
    default:
      return (record) => property.read(record, tenant) === "";
  }
}

function compileEquals(
  property: FilterProperty,
  value: Exclude<FilterValue, null>,
  faults: FilterFaults,
  tenant: Tenant,
): Predicate {
  switch (property.kind) {
    case "text": {
      const asked = String(value).toLowerCase();
      return (record) => property.read(record, tenant).toLowerCase() === asked;
    }
    case "texts": {
      const asked = (property.complete?.(String(value)) ?? String(value)).toLowerCase();
      return (record) => property.read(record, tenant).some((text) => text.toLowerCase() === asked);
    }
    case "link":
      return compileLink(property, String(value), faults, tenant);
    default: {
      const { read } = property;
      const asked = convert(property, value, faults);
      return (record) => read(record, tenant) === asked;
    }
  }
}

function convert(
  property: Exclude<FilterProperty, { kind: "text" | "texts" | "link" }>,
  value: Exclude<FilterValue, null>,
  faults: FilterFaults,
): string | number | boolean {
  switch (property.kind) {
    case "boolean":
      return toBoolean(value, faults);
    case "integer":
      return toInteger(value, faults);
    case "guid":
      return toGuid(value, faults);
    case "time":
      return toTimeMs(value, faults);
    case "enumeration":
      return toEnumeration(value, property, faults);
  }
}

function compileLink(
  property: Extract<FilterProperty, { kind: "link" }>,
  value: string,
  faults: FilterFaults,
  tenant: Tenant,
): Predicate {
  if (nameInTenant(tenant.address, value) === undefined && !/^CN=.*,DC=/is.test(value)) {
    throw faults.value(value, "Microsoft.Exchange.Data.Directory.ADObjectId");
  }
  const target = tenant.findByDistinguishedName(value);
  return target === undefined ? () => false : (record) => property.holds(record, target, tenant);
}

function compileOrder(
  property: FilterProperty,
  operator: Exclude<ComparisonOperator, "eq" | "ne">,
  value: FilterValue,
  faults: FilterFaults,
  tenant: Tenant,
): Predicate {
  if (value === null) return () => false;
  if (property.kind === "text") {
    const asked = String(value).toLowerCase();
    return (record) => {
      const text = property.read(record, tenant).toLowerCase();
      return text !== "" && isInOrder(operator, text, asked);
    };
  }
  if (property.kind === "time" || property.kind === "integer") {
    const asked = property.kind === "time" ? toTimeMs(value, faults) : toInteger(value, faults);
    return (record) => {
      const present = property.read(record, tenant);
      return present !== undefined && isInOrder(operator, present, asked);
    };
  }
  throw faults.operator(operator);
}

function isInOrder<Value extends string | number>(operator: "lt" | "le" | "gt" | "ge", a: Value, b: Value): boolean {
  switch (operator) {
    case "lt":
      return a < b;
    case "le":
      return a <= b;
    case "gt":
      return a > b;
    case "ge":
      return a >= b;
  }
}
