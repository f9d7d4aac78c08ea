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
