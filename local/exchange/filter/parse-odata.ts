import { type ComparisonOperator, type FilterExpression, join } from "#local/exchange/filter/filter-expression";
import { type FilterFaults, maximumDepth } from "#local/exchange/filter/filter-faults";
import { type FilterToken, FilterTokens } from "#local/exchange/filter/filter-token";

const comparisons: readonly string[] = ["eq", "ne", "lt", "le", "gt", "ge"] satisfies ComparisonOperator[];

const functions: Readonly<Record<string, (text: string) => [string, ...string[]]>> = {
  startswith: (text) => [text, ""],
  endswith: (text) => ["", text],
  contains: (text) => ["", text, ""],
};

/** Parses the part of OData's filter language that the module's Get-EXO* cmdlets translate OPATH filters into. */
export function parseOData(filter: string, faults: FilterFaults): FilterExpression {
  const tokens = readODataTokens(filter, faults);
  const expression = parseOr(tokens, faults, 0);
  tokens.expectEnd();
  return expression;
}

function parseOr(tokens: FilterTokens, faults: FilterFaults, depth: number): FilterExpression {
  const operands: [FilterExpression, ...FilterExpression[]] = [parseAnd(tokens, faults, depth)];
  while (tokens.takeIf("word", "or")) operands.push(parseAnd(tokens, faults, depth));
  return join("or", operands);
}

function parseAnd(tokens: FilterTokens, faults: FilterFaults, depth: number): FilterExpression {
  const operands: [FilterExpression, ...FilterExpression[]] = [parseNot(tokens, faults, depth)];
  while (tokens.takeIf("word", "and")) operands.push(parseNot(tokens, faults, depth));
  return join("and", operands);
}

function parseNot(tokens: FilterTokens, faults: FilterFaults, depth: number): FilterExpression {
  if (depth > maximumDepth) throw faults.syntax(tokens.peek().position);
  if (tokens.takeIf("word", "not")) return { kind: "not", operand: parseNot(tokens, faults, depth + 1) };
  if (tokens.takeIf("symbol", "(")) {
    const inner = parseOr(tokens, faults, depth + 1);
    tokens.expectSymbol(")");
    return inner;
  }
  const { text: word, position } = tokens.expectWord();
  const pieces = functions[word.toLowerCase()];
  if (pieces && tokens.takeIf("symbol", "(")) return parseFunction(tokens, position, pieces);
  if (tokens.takeIf("symbol", "/")) return parseAny(tokens, faults, word, position);
  return parseComparison(tokens, faults, word, position);
}

/** `startswith(Name,'a')`, its opening parenthesis taken; a `eq true` may follow. */
function parseFunction(
  tokens: FilterTokens,
  position: number,
  pieces: (text: string) => [string, ...string[]],
  element?: { variable: string; property: string },
): FilterExpression {
  const { text } = tokens.expectWord();
  tokens.expectSymbol(",");
  const asked = tokens.expectText();
  tokens.expectSymbol(")");
  const property = element?.variable === text ? element.property : text;
  const match: FilterExpression = { kind: "match", property, pieces: pieces(asked), position };
  if (!tokens.takeIf("word", "eq")) return match;
  return tokens.expectValue() === false ? { kind: "not", operand: match } : match;
}

/** `EmailAddresses/any(d:d eq 'x')` or `…/any(d:startswith(d,'x'))`, up to the slash taken. */
function parseAny(tokens: FilterTokens, faults: FilterFaults, property: string, position: number): FilterExpression {
  if (!tokens.takeIf("word", "any")) throw faults.syntax(tokens.peek().position);
  tokens.expectSymbol("(");
  const { text: variable } = tokens.expectWord();
  tokens.expectSymbol(":");
  const { text: word, position: inside } = tokens.expectWord();
  const pieces = functions[word.toLowerCase()];
  if (word !== variable && !pieces) throw faults.syntax(inside);

  const expression =
    pieces && tokens.takeIf("symbol", "(")
      ? parseFunction(tokens, position, pieces, { variable, property })
      : parseComparison(tokens, faults, property, position);
  tokens.expectSymbol(")");
  return expression;
}

function parseComparison(
  tokens: FilterTokens,
  faults: FilterFaults,
  property: string,
  position: number,
): FilterExpression {
  const { text: operator, position: operatorPosition } = tokens.expectWord();
  if (!isComparison(operator)) throw faults.syntax(operatorPosition);
  return { kind: "comparison", property, operator, value: tokens.expectValue(), position };
}

function isComparison(text: string): text is ComparisonOperator {
  return comparisons.includes(text);
}

const piece =
  /\s*(?:(?<time>\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:\d\d))|(?<guid>[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(?!\w)|(?<constant>true|false|null)(?!\w)|(?<word>[A-Za-z_][A-Za-z0-9_]*)|(?<symbol>[(),:/])|(?<number>-?\d+(?:\.\d+)?)(?![\w.])|'(?<text>[^']*(?:''[^']*)*)')/iy;

const constants: Readonly<Record<string, boolean | null>> = { true: true, false: false, null: null };

/** Cuts an OData `$filter`: `startswith(Name,'O''Brien') and not (EmailAddresses/any(d:d eq 'smtp:a@b.com'))`. */
function readODataTokens(filter: string, faults: FilterFaults): FilterTokens {
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
  const { time, guid, constant, word, symbol, number, text } = groups;
  const literal = time ?? guid ?? text?.replaceAll("''", "'");
  if (literal !== undefined) return { kind: "value", value: literal, position };
  if (word !== undefined) return { kind: "word", text: word, position };
  if (symbol !== undefined) return { kind: "symbol", text: symbol, position };
  if (number !== undefined) return { kind: "value", value: Number(number), position };
  return { kind: "value", value: constants[(constant ?? "null").toLowerCase()] ?? null, position };
}
