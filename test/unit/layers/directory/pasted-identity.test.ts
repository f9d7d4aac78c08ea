import fc from "fast-check";
import { expect, test } from "vitest";
import { holdsInvisible, waysToRead } from "#directory/pasted-identity";

const address = "crew@contoso.com";

test.each([
  ["a blank behind it", `${address} `],
  ["a no-break space before it", `\u00a0${address}`],
  ["a next-line character of mainframes", `${address}\u0085`],
  ["a zero-width space within", "crew\u200b@contoso.com"],
  ["a byte order mark", `\ufeff${address}`],
  ["marks of direction around it", `\u202a${address}\u202c`],
  ["mailto:", `mailto:${address}`],
  ["mailto: with a subject", `MAILTO:${address}?subject=Hello`],
  ["a name before it", `Crew, The <${address}>`],
  ["a quoted name before it", `"Crew (all)" <${address}>;`],
  ["a semicolon behind it", `${address};`],
  ["a comma and a line break", `${address},\r\n`],
  ["angle brackets alone", `<${address}>`],
])("reads an address with %s", (_, text) => {
  expect(waysToRead(text)).toContain(address);
});

test("reads a name with either apostrophe, as it is first", () => {
  expect([...waysToRead("O\u2019Brien ")]).toEqual(["O\u2019Brien", "O'Brien"]);
  expect([...waysToRead("O'Brien;")]).toEqual(["O'Brien;", "O'Brien", "O\u2019Brien"]);
});

test("leaves a plain text as it is, the letters of every script too", () => {
  for (const text of ["Crew", "می\u200cخواهم", "Team <ops>", "a <b", "4f1c2d3e-5a6b-4c7d-8e9f-0a1b2c3d4e5f"]) {
    expect([...waysToRead(text)]).toEqual([text]);
  }
});

test("has no way to read what is blank", () => {
  expect(waysToRead(" \u0085\u00a0")).toEqual(new Set());
});

test("looks for any text first as it is, without blanks around it", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme" }), (text) => {
      const [first] = waysToRead(text);
      expect(first ?? "").toBe(text.replaceAll(/^[\s\u0085]+|[\s\u0085]+$/gu, ""));
    }),
  );
});

test.each([
  ["plain", false],
  [" with blanks around ", false],
  ["no\u00a0break", true],
  ["zero\u200bwidth", true],
  ["line\nbreak", true],
])("tells whether %j holds what cannot be seen", (text, expected) => {
  expect(holdsInvisible(text)).toBe(expected);
});
