import fc from "fast-check";
import { expect, test } from "vitest";
import { CmdletFault } from "#local/exchange/cmdlets/faults";
import type { FilterExpression, FilterValue } from "#local/exchange/filter/filter-expression";
import { odataFaults } from "#local/exchange/filter/filter-faults";
import { parseOData } from "#local/exchange/filter/parse-odata";
import { filterExpressions, withoutPositions } from "#test/unit/local/exchange/filter/arbitrary-filter";

const parse = (filter: string) => parseOData(filter, odataFaults(filter));

test("reads back every filter it could have been given", () => {
  const pieces = fc
    .tuple(fc.constantFrom("startswith", "endswith", "contains"), fc.string({ unit: "binary" }))
    .map(([name, text]): [string, ...string[]] =>
      name === "startswith" ? [text, ""] : name === "endswith" ? ["", text] : ["", text, ""],
    );

  fc.assert(
    fc.property(filterExpressions(pieces), fc.boolean(), (expression, isList) => {
      expect(withoutPositions(parse(print(expression, isList)))).toEqual(expression);
    }),
    { numRuns: 300 },
  );
});

test("refuses any other text with a fault and nothing else", () => {
  const pieces = ["Name", "eq", "startswith", "not", "and", "'a'", "(", ")", ",", "true", "1", " ", "'", "/any(d:d"];
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

test("reads what the module makes of the partition that is left over", () => {
  expect(parse("not (startswith(Name, 'a') or startswith(Name, 'b'))")).toMatchObject({
    kind: "not",
    operand: { kind: "or", operands: [{ pieces: ["a", ""] }, { pieces: ["b", ""] }] },
  });
});

test("takes an asterisk in a function for itself", () => {
  expect(parse("startswith(Name,'a*b')")).toMatchObject({ kind: "match", pieces: ["a*b", ""] });
});

test("reads GUIDs and times that stand without quotes", () => {
  const filter = "Guid eq 8a68c198-be28-4a30-83e9-bffb760c65ba and WhenChangedUTC gt 2024-04-10T08:56:22Z";

  expect(parse(filter)).toMatchObject({
    operands: [{ value: "8a68c198-be28-4a30-83e9-bffb760c65ba" }, { value: "2024-04-10T08:56:22Z" }],
  });
});

test("says where the syntax is wrong", () => {
  expect(() => parse("Name like 'a'")).toThrowError(/Syntax error at position 5 in 'Name like 'a''\./);
});

test("refuses nesting that goes too deep", () => {
  expect(() => parse("not ".repeat(100_000))).toThrowError(CmdletFault);
});

function print(expression: FilterExpression, isList: boolean): string {
  switch (expression.kind) {
    case "not":
      return `not (${print(expression.operand, isList)})`;
    case "and":
    case "or":
      return expression.operands.map((operand) => `(${print(operand, isList)})`).join(` ${expression.kind} `);
    case "match":
      return inList(expression.property, isList, (name) => printMatch(name, expression.pieces));
    case "comparison":
      return inList(
        expression.property,
        isList,
        (name) => `${name} ${expression.operator} ${printValue(expression.value)}`,
      );
  }
}

function inList(property: string, isList: boolean, print: (name: string) => string): string {
  return isList ? `${property}/any(d:${print("d")})` : print(property);
}

function printMatch(property: string, pieces: readonly string[]): string {
  const name = pieces.length === 3 ? "contains" : pieces[0] === "" && pieces[1] !== "" ? "endswith" : "startswith";
  return `${name}(${property},${printValue(pieces.join(""))})`;
}

function printValue(value: FilterValue): string {
  return typeof value === "string" ? `'${value.replaceAll("'", "''")}'` : String(value);
}
