import type { FilterExpression } from "#local/exchange/filter/filter-expression";
import type { FilterFaults } from "#local/exchange/filter/filter-faults";
import type { FilterToken, FilterTokens } from "#local/exchange/filter/filter-token";
import { isComparison, parseFilter, type TokenGroups } from "#local/exchange/filter/parse-filter";

/**
 * Parses the part of OData's filter language that the module's Get-EXO* cmdlets translate OPATH filters into:
 * `startswith(Name,'O''Brien') and not (EmailAddresses/any(d:d eq 'smtp:a@b.com'))`.
 */
export function parseOData(filter: string, faults: FilterFaults): FilterExpression {
  return parseFilter(filter, faults, { piece, toToken, connective: "word", parseCondition });
}

const piece =
  /\s*(?:(?<time>\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:\d\d))|(?<guid>[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(?!\w)|(?<constant>true|false|null)(?!\w)|(?<word>[A-Za-z_][A-Za-z0-9_]*)|(?<symbol>[(),:/])|(?<number>-?\d+(?:\.\d+)?)(?![\w.])|'(?<text>[^']*(?:''[^']*)*)')/iy;

function toToken({ time, guid, text }: TokenGroups, position: number): FilterToken | undefined {
  const literal = time ?? guid ?? text?.replaceAll("''", "'");
  return literal === undefined ? undefined : { kind: "value", value: literal, position };
}

const functions: Readonly<Record<string, (text: string) => [string, ...string[]]>> = {
  startswith: (text) => [text, ""],
  endswith: (text) => ["", text],
  contains: (text) => ["", text, ""],
};

function parseCondition(tokens: FilterTokens, faults: FilterFaults): FilterExpression {
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
