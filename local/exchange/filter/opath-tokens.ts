import type { FilterFaults } from "#local/exchange/filter/filter-faults";
import { type FilterToken, FilterTokens } from "#local/exchange/filter/filter-token";

const piece =
  /\s*(?:(?<word>[A-Za-z_][A-Za-z0-9_]*)|-(?<operator>[A-Za-z]+)|(?<symbol>[()!])|(?<number>-?\d+(?:\.\d+)?)(?![\w.])|'(?<single>[^']*(?:''[^']*)*)'|"(?<double>[^"]*(?:""[^"]*)*)"|\$(?<constant>true|false|null)(?!\w))/iy;

const constants: Readonly<Record<string, boolean | null>> = { true: true, false: false, null: null };

/** Cuts an OPATH filter: `Name -like 'O''Brien*' -and -not (IsDirSynced -eq $true)`. */
export function readOpathTokens(filter: string, faults: FilterFaults): FilterTokens {
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
