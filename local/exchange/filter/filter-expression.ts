export type FilterValue = string | number | boolean | null;
export type ComparisonOperator = "eq" | "ne" | "lt" | "le" | "gt" | "ge";

/** A filter of either language, parsed. Positions count characters from 0 in the text it came from. */
export type FilterExpression =
  | { kind: "and"; operands: readonly FilterExpression[] }
  | { kind: "or"; operands: readonly FilterExpression[] }
  | { kind: "not"; operand: FilterExpression }
  | { kind: "comparison"; property: string; operator: ComparisonOperator; value: FilterValue; position: number }
  /** The texts between the wildcards, in order: `a*b` is ["a", "b"], and one text alone is the whole value. */
  | { kind: "match"; property: string; pieces: readonly [string, ...string[]]; position: number };

/** Joins operands without nesting a joined one of the same kind, and leaves a single one as it is. */
export function join(
  kind: "and" | "or",
  operands: readonly [FilterExpression, ...FilterExpression[]],
): FilterExpression {
  if (operands.length === 1) return operands[0];
  return kind === "and" ? { kind, operands } : { kind, operands };
}
