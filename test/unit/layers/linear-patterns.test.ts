import { expect, test } from "vitest";
import { isLegacyCredential } from "#exchange/legacy-credential";

/** Texts on which a pattern that tries again from every place would take minutes. */
const long = 200_000;

test.each([
  ["blanks", " ".repeat(long)],
  ["letters", "a".repeat(long)],
  ["letters and blanks", "a ".repeat(long / 2)],
])("looks for names in a secret of many %s in one pass", (_, text) => {
  expect(isLegacyCredential(text)).toBe(false);
  expect(isLegacyCredential(`${text}\nuser = x\npassword: y`)).toBe(true);
});
