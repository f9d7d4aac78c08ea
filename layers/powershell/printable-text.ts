import { stripVTControlCharacters } from "node:util";

// Control characters other than line feed and tab, and those that change the direction of text.
const unprintable = /[^\n\t\P{Cc}]|[\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu;

/** Text that is safe in a log and on a terminal: no colours, no cursor moves, no bells. Lines stay lines. */
export function printableText(text: string): string {
  return stripVTControlCharacters(text.replace(/\r\n?/g, "\n")).replace(unprintable, "");
}
