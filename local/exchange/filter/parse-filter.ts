import { type ComparisonOperator, type FilterExpression, join } from "#local/exchange/filter/filter-expression";
import { type FilterFaults, maximumDepth } from "#local/exchange/filter/filter-faults";
import { type FilterToken, FilterTokens } from "#local/exchange/filter/filter-token";

/** What tells one of the two languages of filters from the other. */
export type FilterLanguage = {
  /** One token and the white space before it; sticky. */
  piece: RegExp;
  /** The token that the groups of `piece` have found; undefined for one that both languages have. */
  toToken(groups: TokenGroups, position: number): FilterToken | undefined;
  /** Which kind of token `and`, `or` and `not` are. */
  connective: "word" | "operator";
  /** What stands between them. */
  parseCondition(tokens: FilterTokens, faults: FilterFaults): FilterExpression;
};

export type TokenGroups = Partial<Record<string, string>>;

/** Parses a filter: `not` binds closest, then `and`, then `or`. */
export function parseFilter(filter: string, faults: FilterFaults, language: FilterLanguage): FilterExpression {
  const tokens = cutFilter(filter, faults, language);
  const expression = parseOr(tokens, faults, language, 0);
  tokens.expectEnd();
  return expression;
}

function cutFilter(filter: string, faults: FilterFaults, { piece, toToken }: FilterLanguage): FilterTokens {
  const tokens: FilterToken[] = [];
  const end = filter.trimEnd().length;
  let position = 0;
  while (position < end) {
    piece.lastIndex = position;
    const match = piece.exec(filter);
    if (!match?.groups) throw faults.syntax(position);
    const at = match.index + match[0].length - match[0].trimStart().length;
    tokens.push(toToken(match.groups, at) ?? toPlainToken(match.groups, at));
    position = piece.lastIndex;
  }
  return new FilterTokens(tokens, filter.length, faults);
}

const constants: Readonly<Record<string, boolean | null>> = { true: true, false: false, null: null };

/** The tokens that both languages have. */
function toPlainToken({ word, symbol, number, constant = "null" }: TokenGroups, position: number): FilterToken {
  if (word !== undefined) return { kind: "word", text: word, position };
  if (symbol !== undefined) return { kind: "symbol", text: symbol, position };
  if (number !== undefined) return { kind: "value", value: Number(number), position };
  return { kind: "value", value: constants[constant.toLowerCase()] ?? null, position };
}

function parseOr(
  tokens: FilterTokens,
  faults: FilterFaults,
  language: FilterLanguage,
  depth: number,
): FilterExpression {
  const operands: [FilterExpression, ...FilterExpression[]] = [parseAnd(tokens, faults, language, depth)];
  while (tokens.takeIf(language.connective, "or")) operands.push(parseAnd(tokens, faults, language, depth));
  return join("or", operands);
}

function parseAnd(
  tokens: FilterTokens,
  faults: FilterFaults,
  language: FilterLanguage,
  depth: number,
): FilterExpression {
  const operands: [FilterExpression, ...FilterExpression[]] = [parseNot(tokens, faults, language, depth)];
  while (tokens.takeIf(language.connective, "and")) operands.push(parseNot(tokens, faults, language, depth));
  return join("and", operands);
}

function parseNot(
  tokens: FilterTokens,
  faults: FilterFaults,
  language: FilterLanguage,
  depth: number,
): FilterExpression {
  if (depth > maximumDepth) throw faults.syntax(tokens.peek().position);
  if (tokens.takeIf(language.connective, "not") || tokens.takeIf("symbol", "!")) {
    return { kind: "not", operand: parseNot(tokens, faults, language, depth + 1) };
  }
  if (!tokens.takeIf("symbol", "(")) return language.parseCondition(tokens, faults);
  const inner = parseOr(tokens, faults, language, depth + 1);
  tokens.expectSymbol(")");
  return inner;
}

const comparisons: readonly string[] = ["eq", "ne", "lt", "le", "gt", "ge"] satisfies ComparisonOperator[];

export function isComparison(text: string): text is ComparisonOperator {
  return comparisons.includes(text);
}
