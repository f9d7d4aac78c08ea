import { expect, test } from "vitest";
import { printableText } from "#powershell/printable-text";

test.each([
  ["colours", "\u001b[31;1mred\u001b[0m", "red"],
  ["links", "\u001b]8;;https://example.com\u0007link\u001b]8;;\u0007", "link"],
  ["bells and other controls", "a\u0007b\u0000c\u007fd\u009be", "abcde"],
  ["turns of the text's direction", "a\u202eb\u2066c", "abc"],
])("drops %s", (_, text, expected) => {
  expect(printableText(text)).toBe(expected);
});

test("keeps lines, tabs and characters of every language", () => {
  expect(printableText("Zeile\tö\r\n行 שורה 🙂\rnext")).toBe("Zeile\tö\n行 שורה 🙂\nnext");
});
