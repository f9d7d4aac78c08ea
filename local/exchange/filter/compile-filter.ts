import { compileComparison } from "#local/exchange/filter/compile-comparison";
import { compileMatch } from "#local/exchange/filter/compile-match";
import type { FilterExpression } from "#local/exchange/filter/filter-expression";
import type { FilterFaults } from "#local/exchange/filter/filter-faults";
import type { FilterProperties, FilterProperty } from "#local/exchange/filter/filter-property";
import type { Predicate } from "#local/exchange/filter/predicate";
import type { Tenant } from "#local/exchange/tenant/tenant";

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
