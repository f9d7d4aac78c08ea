import type { FilterExpression, FilterValue } from "#local/exchange/filter/filter-expression";
import type { FilterFaults } from "#local/exchange/filter/filter-faults";
import type { FilterToken, FilterTokens } from "#local/exchange/filter/filter-token";
import { isComparison, parseFilter, type TokenGroups } from "#local/exchange/filter/parse-filter";

/**
 * Parses the language of `-Filter`: `Name -like 'O''Brien*' -and -not (IsDirSynced -eq $true)`.
 * https://learn.microsoft.com/powershell/exchange/recipient-filters#additional-opath-syntax-information
 */
export function parseOpath(filter: string, faults: FilterFaults): FilterExpression {
  return parseFilter(filter, faults, { piece, toToken, connective: "operator", parseCondition: parseComparison });
}

const piece =
  /\s*(?:(?<word>[A-Za-z_][A-Za-z0-9_]*)|-(?<operator>[A-Za-z]+)|(?<symbol>[()!])|(?<number>-?\d+(?:\.\d+)?)(?![\w.])|'(?<single>[^']*(?:''[^']*)*)'|"(?<double>[^"]*(?:""[^"]*)*)"|\$(?<constant>true|false|null)(?!\w))/iy;

function toToken({ operator, single, double }: TokenGroups, position: number): FilterToken | undefined {
  if (operator !== undefined) return { kind: "operator", text: operator.toLowerCase(), position };
  const text = single?.replaceAll("''", "'") ?? double?.replaceAll('""', '"');
  return text === undefined ? undefined : { kind: "value", value: text, position };
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

/** A text with wildcards in its pieces between them. */
function toPieces(value: FilterValue): [string, ...string[]] {
  const [first = "", ...rest] = String(value ?? "").split("*");
  return [first, ...rest];
}
