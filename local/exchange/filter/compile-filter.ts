import { compileComparison, compileMatch } from "#local/exchange/filter/compile-comparison";
import type {
  FilterExpression,
  FilterProperties,
  FilterProperty,
  Predicate,
} from "#local/exchange/filter/filter-expression";
import type { FilterFaults } from "#local/exchange/filter/filter-faults";
import type { DirectoryRecord } from "#local/exchange/tenant/directory-record";
import type { Tenant } from "#local/exchange/tenant/tenant";

/**
 * Of records in the order of their names, those that a filter may find, so that it need not look at all of them. They begin
 * as it asks, or are all where it asks nothing of how names begin.
 */
export function narrowByName(
  records: readonly DirectoryRecord[],
  expression: FilterExpression | undefined,
): readonly DirectoryRecord[] {
  const beginnings = expression && beginningsOf(expression);
  if (beginnings === undefined) return records;
  return withoutLonger(beginnings).flatMap((beginning) => {
    const start = findFirst(records, (name) => name >= beginning);
    const end = findFirst(records, (name) => name > beginning && !name.startsWith(beginning));
    return records.slice(start, end);
  });
}

/** What every name that passes begins with, in lower case; undefined where it may be anything. */
function beginningsOf(expression: FilterExpression): readonly string[] | undefined {
  if (expression.kind === "and") return expression.operands.map(beginningsOf).find((each) => each !== undefined);
  if (expression.kind === "or") {
    const each = expression.operands.map(beginningsOf);
    return each.every((beginnings) => beginnings !== undefined) ? each.flat() : undefined;
  }
  if (expression.kind !== "match" || expression.property.toLowerCase() !== "name") return undefined;
  return [expression.pieces[0].toLowerCase()];
}

/** In order, without those that begin with another one. */
function withoutLonger(beginnings: readonly string[]): string[] {
  const kept: string[] = [];
  for (const beginning of beginnings.toSorted()) {
    const last = kept.at(-1);
    if (last === undefined || !beginning.startsWith(last)) kept.push(beginning);
  }
  return kept;
}

/** Where the names begin that meet a condition which all behind them meet too. */
function findFirst(records: readonly DirectoryRecord[], isMet: (name: string) => boolean): number {
  let low = 0;
  let high = records.length;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (isMet(records[middle]?.name.toLowerCase() ?? "")) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Makes a filter a function, having checked that the cmdlet can filter on its properties with these values. */
export function compileFilter(
  expression: FilterExpression,
  properties: FilterProperties,
  faults: FilterFaults,
  tenant: Tenant,
): Predicate {
  const compile = (part: FilterExpression): Predicate => {
    if (part.kind === "and" || part.kind === "or") return combine(part.kind, part.operands.map(compile));
    if (part.kind === "not") {
      const operand = compile(part.operand);
      return (record) => !operand(record);
    }
    const property = findProperty(part, properties, faults);
    return part.kind === "match"
      ? compileMatch(property, part.pieces, faults, tenant)
      : compileComparison(property, part.operator, part.value, faults, tenant);
  };
  return compile(expression);
}

function combine(kind: "and" | "or", operands: readonly Predicate[]): Predicate {
  const decisive = kind === "or";
  return (record) => {
    for (const operand of operands) if (operand(record) === decisive) return decisive;
    return !decisive;
  };
}

function findProperty(
  { property: name, position }: { property: string; position: number },
  properties: FilterProperties,
  faults: FilterFaults,
): FilterProperty {
  const property = properties.find(name);
  if (property === undefined) throw faults.unknownProperty(name, position);
  if (property === "notFilterable") throw faults.notFilterable(name, position);
  return property;
}
