import fc from "fast-check";

/** What quoting, escaping or splitting would stumble over. */
const awkward = fc.constantFrom(
  ...["'", '"', "`", "‘", "’", "“", "”", "$(Get-Date)", "$env:HOME", "; exit", "|", "&", "\n", "\r\n", "\t", "\u2028"],
  ...["[", "]", "(", ")", "{", "}", "*", "?", "%", "#", "\\", "/", "\u0000", "\u202e", "@", ",", "+", "=", "<", ">"],
  ...["מרים", "يوسف", "👩‍👩‍👧", "李", "é", "-eq", "--%", "O'Brien", "CN=x,DC=y", "' -or Name -like '*", "smtp:"],
);

/** Random well-formed text, most of it awkward. */
export const awkwardText: fc.Arbitrary<string> = fc
  .array(
    fc.oneof(awkward, fc.string({ unit: "grapheme", maxLength: 6 }), fc.string({ unit: "binary", maxLength: 3 })),
    { minLength: 1, maxLength: 6 },
  )
  .map((parts) => parts.join(""))
  .filter((text) => text.isWellFormed());
