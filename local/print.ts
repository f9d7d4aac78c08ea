import { formatCount, visibleLine, visibleText } from "#runtime/text";

/** Rows as text in columns, two blanks apart, a line each; what is a number stands to the right. */
export function formatTable(headings: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const cells = [headings, ...rows].map((row) => row.map(formatCell));
  const widths = headings.map((_, column) => Math.max(...cells.map((row) => row[column]?.length ?? 0)));
  const isNumber = headings.map((_, column) => rows.every((row) => typeof row[column] === "number"));
  const lines = cells.map((row) =>
    row
      .map((cell, column) => (isNumber[column] ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0)))
      .join("  ")
      .trimEnd(),
  );
  return lines.join("\n");
}

function formatCell(cell: string | number): string {
  return typeof cell === "number" ? formatCount(cell) : visibleLine(cell);
}

/** Prints to standard output. Names and messages from outside are in most texts: nothing in them moves the cursor. */
export function print(text: string): void {
  console.log(visibleText(text));
}

/** The same to standard error. */
export function printError(text: string): void {
  console.error(visibleText(text));
}

/** A text as lines of at most that many characters, broken at blanks; a longer word has a line of its own. */
export function wrapText(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(/\s+/).filter(Boolean)) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= width) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}
