import fc from "fast-check";
import { expect, test } from "vitest";
import { CmdletFault } from "#local/exchange/cmdlets/faults";
import type { FilterExpression, FilterValue } from "#local/exchange/filter/filter-expression";
import { opathFaults } from "#local/exchange/filter/filter-faults";
import { parseOpath } from "#local/exchange/filter/parse-opath";
import { filterExpressions, withoutPositions } from "#test/unit/local/exchange/filter/arbitrary-filter";

const parse = (filter: string) => parseOpath(filter, opathFaults(filter));

test("reads back every filter it could have been given", () => {
  const pieces = fc
    .array(
      fc.string({ unit: "binary" }).map((text) => text.replaceAll("*", "")),
      { minLength: 1, maxLength: 4 },
    )
    .map(([first = "", ...rest]): [string, ...string[]] => [first, ...rest]);

  fc.assert(
    fc.property(filterExpressions(pieces), fc.constantFrom("'", '"'), (expression, quote) => {
      expect(withoutPositions(parse(print(expression, quote)))).toEqual(expression);
    }),
    { numRuns: 300 },
  );
});

test("refuses any other text with a fault and nothing else", () => {
  const pieces = ["Name", "-eq", "-like", "-not", "-and", "'a'", "(", ")", "$true", "1", " ", "'", "-", "“", "\n"];
  const texts = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.array(fc.constantFrom(...pieces), { maxLength: 12 }).map((parts) => parts.join(" ")),
  );

  fc.assert(
    fc.property(texts, (text) => {
      try {
        parse(text);
      } catch (error) {
        expect(error).toBeInstanceOf(CmdletFault);
      }
    }),
    { numRuns: 1000 },
  );
});

test("lets -and bind closer than -or", () => {
  const expression = parse("A -eq 1 -or B -eq 2 -and C -eq 3");

  expect(expression).toMatchObject({ kind: "or", operands: [{ property: "A" }, { kind: "and" }] });
});

test("takes operators and constants in any letter case", () => {
  expect(parse("Name -EQ $NULL -AND -NOT IsDirSynced -Eq $True")).toMatchObject({
    operands: [
      { operator: "eq", value: null },
      { kind: "not", operand: { value: true } },
    ],
  });
});

test("turns -notlike into a negated match", () => {
  expect(parse("Name -notlike 'a*b'")).toMatchObject({ kind: "not", operand: { kind: "match", pieces: ["a", "b"] } });
});

test("says where the syntax is wrong", () => {
  expect(() => parse("Name -eq 'a' Title")).toThrowError(
    /Invalid filter syntax.*\n"Name -eq 'a' Title" at position 14\./s,
  );
});

test("names an operator it does not know", () => {
  expect(() => parse("Name -contains 'a'")).toThrowError(/""-contains" is not a valid operator/);
});

test("refuses a quote that is not doubled", () => {
  expect(() => parse("Name -eq 'O'Brien'")).toThrowError(CmdletFault);
});

test("refuses nesting that goes too deep", () => {
  expect(() => parse(`${"(".repeat(100_000)}A -eq 1`)).toThrowError(CmdletFault);
});

function print(expression: FilterExpression, quote: string): string {
  switch (expression.kind) {
    case "not":
      return `-not (${print(expression.operand, quote)})`;
    case "and":
    case "or":
      return expression.operands.map((operand) => `(${print(operand, quote)})`).join(` -${expression.kind} `);
    case "match":
      return `${expression.property} -like ${printValue(expression.pieces.join("*"), quote)}`;
    case "comparison":
      return `${expression.property} -${expression.operator} ${printValue(expression.value, quote)}`;
  }
}

function printValue(value: FilterValue, quote: string): string {
  if (typeof value === "string") return `${quote}${value.replaceAll(quote, quote + quote)}${quote}`;
  return typeof value === "number" ? String(value) : `$${value}`;
}
