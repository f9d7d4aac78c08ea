import fc from "fast-check";
import { expect, test } from "vitest";
import { visibleLine, visibleText } from "#runtime/text";

test.each([
  ["colours", "\u001b[31;1mred\u001b[0m", "\\u001b[31;1mred\\u001b[0m"],
  ["links", "\u001b]8;;https://example.com\u0007link", "\\u001b]8;;https://example.com\\u0007link"],
  ["what clears the screen", "\u001b[2J", "\\u001b[2J"],
  ["controls of either set", "a\u0000b\u007fc\u0080d\u009b2Je\u009f", "a\\u0000b\\u007fc\\u0080d\\u009b2Je\\u009f"],
  ["a carriage return, which writes over its line", "false\rtrue", "false\\u000dtrue"],
  ["turns of direction", "a\u202eb\u202ac\u2066d\u2069", "a\\u202eb\\u202ac\\u2066d\\u2069"],
  ["marks of direction", "a\u200eb\u200fc\u061cd", "a\\u200eb\\u200fc\\u061cd"],
  ["ends of line that are none to a terminal", "a\u2028b\u2029c", "a\\u2028b\\u2029c"],
])("shows %s", (_, text, expected) => {
  expect(visibleText(text)).toBe(expected);
});

test("keeps lines, tabs and characters of every language", () => {
  expect(visibleText("Zeile\tö\r\n行 שורה عربى 👩‍👩‍👧 \\u001b")).toBe("Zeile\tö\n行 שורה عربى 👩‍👩‍👧 \\u001b");
});

test("shows lines and tabs in what has one line", () => {
  expect(visibleLine("a\nb\r\nc\td\u001b")).toBe("a\\nb\\nc\\td\\u001b");
});

test("leaves of any text nothing invisible, and lets JSON say the same", () => {
  const unit = fc.oneof(
    fc.constantFrom(...'\u001b\u0085\u009b\u200f\u202e\u2066\u2028\r\n\\"'),
    fc.string({ unit: "binary" }),
  );

  fc.assert(
    fc.property(fc.array(unit), (parts) => {
      const text = parts.join("");

      expect(visibleText(text)).not.toMatch(/[^\P{Cc}\n\t]|[\p{Bidi_Control}\u2028\u2029]/u);
      expect(JSON.parse(visibleText(JSON.stringify({ text })))).toEqual({ text });
    }),
  );
});
