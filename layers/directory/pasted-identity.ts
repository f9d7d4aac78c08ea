/** White space as .NET sees it: no name, address or id begins or ends with it. */
const outerBlanks = /^[\s\u0085]+|[\s\u0085]+$/gu;

/** What nobody sees and no keyboard writes: zero-width and soft characters anywhere, marks of direction at the ends. */
const invisible = /[\u00ad\u200b\u2060\ufeff]|^[\s\p{Cf}]+|[\s\p{Cf}]+$/gu;

/** An address as mail programs and browsers give it to the clipboard: `Anna Berg <anna@contoso.com>`, `mailto:…`. */
const pastedAddress =
  /^(?:[^<>]{0,300}<)?(?:mailto:)?(?<address>[^<>\s;,]{1,320}@[^<>\s;,?]{1,320})(?:\?[^<>\s]{0,300})?>?[;,]?$/iu;

/**
 * What a text may have been meant as, in the order in which it is looked for: itself without blanks around it, which nothing
 * in Exchange begins or ends with; then without what cannot be seen, and without what was pasted with it; then with the other
 * kind of apostrophe. Empty where it is blank.
 */
export function waysToRead(identity: string): ReadonlySet<string> {
  const text = identity.replaceAll(outerBlanks, "");
  const seen = text.replaceAll(invisible, "");
  const plain = pastedAddress.exec(seen)?.groups?.address ?? seen.replace(/[;,]$/, "");
  const ways = [text, seen, plain, plain.replaceAll(/[\u2018\u2019]/g, "'"), plain.replaceAll("'", "\u2019")];
  return new Set(ways.filter((way) => way !== ""));
}

/** A text without the blanks, and without what cannot be seen, at its ends. */
export function withoutEdges(text: string): string {
  return text.replaceAll(/^[\s\u0085\p{Cf}]+|[\s\u0085\p{Cf}]+$/gu, "");
}

/** Whether a text holds what cannot be seen, so that somebody may not know why it is not found. */
export function holdsInvisible(identity: string): boolean {
  return /[\u00ad\u00a0\u200b-\u200f\u2028-\u202f\u2060-\u206f\ufeff\p{Cc}]/u.test(identity.replaceAll(/^ +| +$/g, ""));
}
