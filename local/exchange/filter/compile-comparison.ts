import type {
  ComparisonOperator,
  FilterProperty,
  FilterValue,
  Predicate,
} from "#local/exchange/filter/filter-expression";
import type { FilterFaults } from "#local/exchange/filter/filter-faults";
import type { Tenant } from "#local/exchange/tenant/tenant";
import { nameInTenant } from "#local/exchange/tenant/tenant-address";

/** `-like`: only text can be matched, whatever its letter case. */
export function compileMatch(
  property: FilterProperty,
  pieces: readonly [string, ...string[]],
  faults: FilterFaults,
  tenant: Tenant,
): Predicate {
  const matches = matcher(pieces);
  if (property.kind === "text") return (record) => matches(property.read(record, tenant));
  if (property.kind === "texts") return (record) => property.read(record, tenant).some(matches);
  throw faults.operator("like");
}

/** Whether a text consists of the pieces in their order, with anything between two of them. */
export function matcher(pieces: readonly [string, ...string[]]): (text: string) => boolean {
  const [first, ...rest] = pieces.map((piece) => piece.toLowerCase());
  const start = first ?? "";
  const last = rest.at(-1);
  if (last === undefined) return (text) => text.toLowerCase() === start;
  const middle = rest.slice(0, -1).filter((piece) => piece !== "");
  if (middle.length === 0 && last === "") return (text) => beginsWith(text, start);
  return (text) => hasPieces(text.toLowerCase(), start, middle, last);
}

/** Begins with a text in lower case. Letters that are ASCII are told apart one by one, which is quick. */
function beginsWith(text: string, start: string): boolean {
  if (text === "") return false;
  for (let place = 0; place < start.length; place += 1) {
    const code = text.charCodeAt(place);
    // One letter may be two in lower case.
    if (code >= 128) return text.toLowerCase().startsWith(start);
    if (toLowerAscii(code) !== start.charCodeAt(place)) return false;
  }
  return true;
}

function toLowerAscii(code: number): number {
  return code >= 65 && code <= 90 ? code + 32 : code;
}

function hasPieces(text: string, start: string, middle: readonly string[], last: string): boolean {
  if (text === "" || !text.startsWith(start)) return false;
  let position = start.length;
  for (const piece of middle) {
    const found = text.indexOf(piece, position);
    if (found < 0) return false;
    position = found + piece.length;
  }
  return text.length - last.length >= position && text.endsWith(last);
}

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

type Present = Exclude<FilterValue, null>;

function toBoolean(value: Present, faults: FilterFaults): boolean {
  const text = String(value).toLowerCase();
  if (text === "true" || text === "$true") return true;
  if (text === "false" || text === "$false") return false;
  throw faults.value(String(value), "System.Boolean");
}

function toInteger(value: Present, faults: FilterFaults): number {
  const number = typeof value === "string" && /^-?\d+$/.test(value) ? Number(value) : value;
  if (typeof number !== "number" || !Number.isInteger(number)) throw faults.value(String(value), "System.Int64");
  return number;
}

function toGuid(value: Present, faults: FilterFaults): string {
  const text = String(value).replace(/^[{(](.*)[)}]$/, "$1");
  if (!/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text)) throw faults.value(String(value), "System.Guid");
  return text.toLowerCase();
}

/** Milliseconds since 1970. A time that names no zone is in UTC, as a server of Exchange Online runs. */
function toTimeMs(value: Present, faults: FilterFaults): number {
  const text = String(value).trim();
  const hasZone = /(?:Z|[+-]\d\d:\d\d|GMT)$/i.test(text);
  const timeMs = /^\d/.test(text) && /[-/]/.test(text) ? Date.parse(hasZone ? text : `${withTime(text)}Z`) : Number.NaN;
  if (Number.isNaN(timeMs)) throw faults.value(String(value), "System.DateTime");
  return timeMs;
}

function withTime(text: string): string {
  if (/^\d{4}-\d\d-\d\d$/.test(text)) return `${text}T00:00:00`;
  return text.includes("/") ? `${text} ` : text;
}

/** A member's name as its type spells it; several with commas, without blanks. */
function toEnumeration(
  value: Present,
  { members, typeName }: { members: readonly string[]; typeName: string },
  faults: FilterFaults,
): string {
  const names = String(value)
    .split(",")
    .map((name) => members.find((member) => member.toLowerCase() === name.trim().toLowerCase()));
  if (names.includes(undefined)) throw faults.value(String(value), typeName);
  return names.join(",");
}
