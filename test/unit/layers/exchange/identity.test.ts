import fc from "fast-check";
import { expect, test } from "vitest";
import { parseIdentity } from "#exchange/values";

test.each([
  "O'Brien",
  'The "A" team',
  "`whoami`",
  "$(Remove-Item *)",
  "a; b",
  "first line\nsecond line\r\n",
  "[Sales] *",
  "😀",
  "شركة",
  " padded ",
  "\u200b",
])("passes %j unchanged", (text) => {
  expect(parseIdentity(text)).toBe(text);
});

test("passes any well-formed text that is not blank unchanged", () => {
  const identities = fc.string({ unit: "binary", minLength: 1 }).filter((text) => !/^[\s\u0085]*$/u.test(text));

  fc.assert(
    fc.property(identities, (text) => parseIdentity(text) === text),
    { numRuns: 1_000 },
  );
});

test.each(["", " ", "\t\r\n", "\u00a0\u3000", "\u0085", "\ufeff"])(
  "refuses %j, with which Exchange would answer everything",
  (text) => {
    expect(() => parseIdentity(text)).toThrow(expect.objectContaining({ code: "IDENTITY_INVALID", retryable: false }));
  },
);

test.each(["\ud800", "name \udc00", "\udc00\ud800"])("refuses half a character without repeating it (%#)", (text) => {
  expect(() => parseIdentity(text)).toThrow(
    expect.objectContaining({ code: "IDENTITY_INVALID", message: expect.stringContaining("surrogate") }),
  );
});
