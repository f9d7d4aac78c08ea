import fc from "fast-check";
import type { FilterExpression, FilterValue } from "#local/exchange/filter/filter-expression";

const property = fc
  .stringMatching(/^[A-Z][A-Za-z0-9_]{0,12}$/)
  .filter((name) => !/^(?:not|and|or|true|false|null)$/i.test(name));

const value: fc.Arbitrary<FilterValue> = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.integer(),
  fc.boolean(),
  fc.constant(null),
);

const operator = fc.constantFrom("eq", "ne", "lt", "le", "gt", "ge");

const comparison = fc.record({
  kind: fc.constant("comparison" as const),
  property,
  operator,
  value,
  position: fc.constant(0),
});

/** Filters of both languages, with every wildcard that both can say. */
export function filterExpressions(pieces: fc.Arbitrary<[string, ...string[]]>): fc.Arbitrary<FilterExpression> {
  const match = fc.record({ kind: fc.constant("match" as const), property, pieces, position: fc.constant(0) });
  const { expression } = fc.letrec<{ expression: FilterExpression }>((tie) => {
    const operands = fc.array(tie("expression"), { minLength: 2, maxLength: 4 });
    return {
      expression: fc.oneof(
        { maxDepth: 4, withCrossShrink: true },
        comparison,
        match,
        fc.record({ kind: fc.constant("not" as const), operand: tie("expression") }),
        fc.record({ kind: fc.constant("and" as const), operands }),
        fc.record({ kind: fc.constant("or" as const), operands }),
      ),
    };
  });
  return expression;
}

/** The same filter with every position 0. */
export function withoutPositions(expression: FilterExpression): FilterExpression {
  switch (expression.kind) {
    case "not":
      return { kind: "not", operand: withoutPositions(expression.operand) };
    case "and":
    case "or":
      return { ...expression, operands: expression.operands.map(withoutPositions) };
    default:
      return { ...expression, position: 0 };
  }
}
