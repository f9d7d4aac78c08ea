import fc from "fast-check";
import { expect, test } from "vitest";
import { escapeDnValue, splitDistinguishedName } from "#local/exchange/tenant/directory-record";

test.each([
  ["Smith, John", "Smith\\, John"],
  ["#1", "\\#1"],
  [" a ", "\\ a\\ "],
  ['a+b="c"', 'a\\+b\\=\\"c\\"'],
  ["two\nlines", "two\\0Alines"],
])("escapes %j as RFC 4514 says", (name, expected) => {
  expect(escapeDnValue(name)).toBe(expected);
});

test("finds any name again in its DN", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", minLength: 1 }), (name) => {
      expect(splitDistinguishedName(`CN=${escapeDnValue(name)},OU=x,DC=y`)).toEqual({ name, parent: "OU=x,DC=y" });
    }),
  );
});

test("takes no other text for a DN", () => {
  expect(splitDistinguishedName("Smith, John")).toBeUndefined();
});
