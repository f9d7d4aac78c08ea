import fc from "fast-check";
import { expect, test } from "vitest";
import { toCliXmlAttribute, toCliXmlText } from "#local/exchange/answer/clixml-answer";

test.each([
  ["O'Brien & <Sons>", "O'Brien &amp; &lt;Sons&gt;"],
  ["line\r\nbreak\ttab", "line_x000D__x000A_break_x0009_tab"],
  ["_x0041_", "_x005F_x0041_"],
  ["_X0041_", "_x005F_X0041_"],
  ["snake_case", "snake_case"],
  ["😀", "_xD83D__xDE00_"],
  ["\uD800", "_xD800_"],
  ["\uFFFF", "_xFFFF_"],
  ["\u0085", "_x0085_"],
  ["王芳 محمد", "王芳 محمد"],
])("writes %j as PowerShell does", (text, expected) => {
  expect(toCliXmlText(text)).toBe(expected);
});

test("keeps every text, and nothing in it that XML cannot hold", () => {
  const units = fc.array(fc.integer({ min: 0, max: 0xffff }));
  const loneSurrogates = units.map((codes) => String.fromCharCode(...codes));
  const texts = fc.oneof(fc.string({ unit: "binary" }), loneSurrogates, fc.constantFrom("_x", "__x0041__", "&lt;"));

  fc.assert(
    fc.property(texts, (text) => {
      const written = toCliXmlText(text);
      expect(decode(written)).toBe(text);
      expect(written).not.toMatch(/[<>\p{Cc}\p{Cs}]/u);
    }),
    { numRuns: 300 },
  );
});

test("writes quotes of an attribute as entities", () => {
  expect(toCliXmlAttribute('a"b')).toBe("a&quot;b");
});

/** What an XML reader and then PowerShell make of it. */
function decode(written: string): string {
  return written
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&amp;", "&")
    .replace(/_x([0-9A-F]{4})_/gi, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)));
}
