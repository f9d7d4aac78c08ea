import fc from "fast-check";
import { expect, test } from "vitest";
import { userProperties } from "#local/exchange/cmdlets/user-properties";
import { compileFilter, narrowByName } from "#local/exchange/filter/compile-filter";
import type { FilterExpression } from "#local/exchange/filter/filter-expression";
import { opathFaults } from "#local/exchange/filter/filter-faults";
import { parseOpath } from "#local/exchange/filter/parse-opath";
import { generateTenant } from "#local/exchange/tenant/generate";

/** Letters that fold into others, and some that sort far from them. */
const letters = fc.constantFrom("a", "A", "b", "ß", "Σ", "σ", "İ", "K", "é", "李", " ", "\u{1F600}", "\uFFFF");
const text = fc.string({ unit: letters, maxLength: 2 });

const match = fc.record({
  kind: fc.constant("match" as const),
  property: fc.constantFrom("Name", "name", "City"),
  pieces: fc.tuple(text, fc.constantFrom("", "b")).map(([first, last]): [string, ...string[]] => [first, last]),
  position: fc.constant(0),
});
const { expression } = fc.letrec<{ expression: FilterExpression }>((tie) => {
  const operands = fc.array(tie("expression"), { minLength: 2, maxLength: 4 });
  return {
    expression: fc.oneof(
      { maxDepth: 3, withCrossShrink: true },
      match,
      fc.record({ kind: fc.constant("not" as const), operand: tie("expression") }),
      fc.record({ kind: fc.constant("and" as const), operands }),
      fc.record({ kind: fc.constant("or" as const), operands }),
    ),
  };
});

function tenantWith(names: readonly string[]) {
  const tenant = generateTenant({ users: 0, groups: 0, seed: 1 });
  tenant.addUsers(names.map((name) => ({ name, city: "Bern" })));
  return tenant;
}

test("keeps every record that a filter finds, in order, and none twice", () => {
  fc.assert(
    fc.property(fc.uniqueArray(text, { maxLength: 60 }), expression, (names, filter) => {
      const tenant = tenantWith(names);
      const passes = compileFilter(filter, userProperties, opathFaults(""), tenant);

      const narrowed = narrowByName(tenant.records, filter);

      expect(narrowed.filter(passes)).toEqual(tenant.records.filter(passes));
    }),
  );
});

test("leaves out what begins otherwise", () => {
  const { records } = tenantWith(["anna", "Annalena", "Bob", "carl", "Carla"]);

  const narrowed = narrowByName(records, parseOpath("Name -like 'carl*' -or Name -like 'an*'", opathFaults("")));

  expect(narrowed.map(({ name }) => name)).toEqual(["anna", "Annalena", "carl", "Carla"]);
});
