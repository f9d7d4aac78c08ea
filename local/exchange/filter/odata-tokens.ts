import type { FilterFaults } from "#local/exchange/filter/filter-faults";
import { type FilterToken, FilterTokens } from "#local/exchange/filter/filter-token";

const piece =
  /\s*(?:(?<time>\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:\d\d))|(?<guid>[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(?!\w)|(?<constant>true|false|null)(?!\w)|(?<word>[A-Za-z_][A-Za-z0-9_]*)|(?<symbol>[(),:/])|(?<number>-?\d+(?:\.\d+)?)(?![\w.])|'(?<text>[^']*(?:''[^']*)*)')/iy;

const constants: Readonly<Record<string, boolean | null>> = { true: true, false: false, null: null };

/** Cuts an OData `$filter`: `startswith(Name,'O''Brien') and not (EmailAddresses/any(d:d eq 'smtp:a@b.com'))`. */
export function readODataTokens(filter: string, faults: FilterFaults): FilterTokens {
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
