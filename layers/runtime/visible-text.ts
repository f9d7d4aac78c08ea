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
