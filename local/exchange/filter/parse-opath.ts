import {
  type ComparisonOperator,
  type FilterExpression,
  type FilterValue,
  join,
} from "#local/exchange/filter/filter-expression";
import { type FilterFaults, maximumDepth } from "#local/exchange/filter/filter-faults";
import type { FilterTokens } from "#local/exchange/filter/filter-token";
import { readOpathTokens } from "#local/exchange/filter/opath-tokens";

const comparisons: readonly string[] = ["eq", "ne", "lt", "le", "gt", "ge"] satisfies ComparisonOperator[];

/**
 * Parses the language of `-Filter`: `-not` binds closest, then `-and`, then `-or`.
 * https://learn.microsoft.com/powershell/exchange/recipient-filters#additional-opath-syntax-information
 */
export function parseOpath(filter: string, faults: FilterFaults): FilterExpression {
  const tokens = readOpathTokens(filter, faults);
  const expression = parseOr(tokens, faults, 0);
  tokens.expectEnd();
  return expression;
}

function parseOr(tokens: FilterTokens, faults: FilterFaults, depth: number): FilterExpression {
  const operands: [FilterExpression, ...FilterExpression[]] = [parseAnd(tokens, faults, depth)];
  while (tokens.takeIf("operator", "or")) operands.push(parseAnd(tokens, faults, depth));
  return join("or", operands);
}

function parseAnd(tokens: FilterTokens, faults: FilterFaults, depth: number): FilterExpression {
  const operands: [FilterExpression, ...FilterExpression[]] = [parseNot(tokens, faults, depth)];
  while (tokens.takeIf("operator", "and")) operands.push(parseNot(tokens, faults, depth));
  return join("and", operands);
}

function parseNot(tokens: FilterTokens, faults: FilterFaults, depth: number): FilterExpression {
  if (depth > maximumDepth) throw faults.syntax(tokens.peek().position);
  if (tokens.takeIf("operator", "not") || tokens.takeIf("symbol", "!")) {
    return { kind: "not", operand: parseNot(tokens, faults, depth + 1) };
  }
  if (tokens.takeIf("symbol", "(")) {
    const inner = parseOr(tokens, faults, depth + 1);
    tokens.expectSymbol(")");
    return inner;
  }
  return parseComparison(tokens, faults);
}

function parseComparison(tokens: FilterTokens, faults: FilterFaults): FilterExpression {
  const { text: property, position } = tokens.expectWord();
  const operator = tokens.take();
  if (operator.kind !== "operator") throw faults.syntax(operator.position);
  if (isComparison(operator.text)) {
    return { kind: "comparison", property, operator: operator.text, value: tokens.expectValue(), position };
  }
  if (operator.text !== "like" && operator.text !== "notlike") throw faults.operator(operator.text);

  const match: FilterExpression = { kind: "match", property, pieces: toPieces(tokens.expectValue()), position };
  return operator.text === "like" ? match : { kind: "not", operand: match };
}

function isComparison(text: string): text is ComparisonOperator {
  return comparisons.includes(text);
}

function toPieces(value: FilterValue): [string, ...string[]] {
  const [first = "", ...rest] = String(value ?? "").split("*");
  return [first, ...rest];
}
