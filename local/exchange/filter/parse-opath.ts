import {
  type ComparisonOperator,
  type FilterExpression,
  type FilterValue,
  join,
} from "#local/exchange/filter/filter-expression";
import { type FilterFaults, maximumDepth } from "#local/exchange/filter/filter-faults";
import { type FilterToken, FilterTokens } from "#local/exchange/filter/filter-token";

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

const piece =
  /\s*(?:(?<word>[A-Za-z_][A-Za-z0-9_]*)|-(?<operator>[A-Za-z]+)|(?<symbol>[()!])|(?<number>-?\d+(?:\.\d+)?)(?![\w.])|'(?<single>[^']*(?:''[^']*)*)'|"(?<double>[^"]*(?:""[^"]*)*)"|\$(?<constant>true|false|null)(?!\w))/iy;

const constants: Readonly<Record<string, boolean | null>> = { true: true, false: false, null: null };

/** Cuts an OPATH filter: `Name -like 'O''Brien*' -and -not (IsDirSynced -eq $true)`. */
function readOpathTokens(filter: string, faults: FilterFaults): FilterTokens {
  const tokens: FilterToken[] = [];
  const end = filter.trimEnd().length;
  let position = 0;
  while (position < end) {
    piece.lastIndex = position;
    const match = piece.exec(filter);
    if (!match?.groups) throw faults.syntax(position);
    tokens.push(toToken(match.groups, match.index + match[0].length - match[0].trimStart().length));
    position = piece.lastIndex;
  }
  return new FilterTokens(tokens, filter.length, faults);
}

function toToken(groups: Partial<Record<string, string>>, position: number): FilterToken {
  const { word, operator, symbol, number, single, double, constant } = groups;
  if (word !== undefined) return { kind: "word", text: word, position };
  if (operator !== undefined) return { kind: "operator", text: operator.toLowerCase(), position };
  if (symbol !== undefined) return { kind: "symbol", text: symbol, position };
  if (number !== undefined) return { kind: "value", value: Number(number), position };
  if (single !== undefined) return { kind: "value", value: single.replaceAll("''", "'"), position };
  if (double !== undefined) return { kind: "value", value: double.replaceAll('""', '"'), position };
  return { kind: "value", value: constants[(constant ?? "null").toLowerCase()] ?? null, position };
}
