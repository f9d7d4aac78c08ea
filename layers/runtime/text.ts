import type * as z from "zod";

/** So many of something, as a part of a sentence: "1 list", "1,204 people". */
export function counted(count: number, one: string, several: string): string {
  return `${formatCount(count)} ${count === 1 ? one : several}`;
}

/** A number for people: 25,000. */
export function formatCount(number: number): string {
  return number.toLocaleString("en");
}

/** What is wrong, field by field on one line, without any value. */
export function summarizeIssues(error: z.ZodError): string {
  return error.issues.map((issue) => [issue.path.join("."), issue.message].filter(Boolean).join(": ")).join("; ");
}

/** Items in their order, so many at a time; the last time what is left. */
export function chunk<Item>(items: readonly Item[], size: number): Item[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  );
}

/** The text, or as much of its beginning as the limit leaves and an ellipsis. Counted in UTF-16 units; no character is split. */
export function shorten(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const beginning = text.slice(0, limit - 1);
  return `${beginning.isWellFormed() ? beginning : beginning.slice(0, -1)}…`;
}

/** As much of what somebody has written as a sentence can hold. */
const longestQuotation = 100;

/** The text in quotation marks, for a sentence that says what was asked for. */
export function quote(text: string): string {
  return `"${shorten(text, longestQuotation)}"`;
}

/** Control characters, and those that turn the direction of text or end a line unseen. Line feed and tab stay. */
const invisible = /(?![\n\t])[\p{Cc}\p{Bidi_Control}\u2028\u2029]/gu;

/**
 * Text that is safe on a terminal and in a log: what would move a cursor or turn the direction of text shows as `\u001b`.
 * That is how JSON writes it, so that JSON still says the same. Lines stay lines.
 */
export function visibleText(text: string): string {
  return text.replaceAll("\r\n", "\n").replaceAll(invisible, escapeOf);
}

/** The same of what has one line, such as a name: line feed and tab show as `\n` and `\t`. */
export function visibleLine(text: string): string {
  return visibleText(text).replaceAll("\n", "\\n").replaceAll("\t", "\\t");
}

function escapeOf(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
