import { visibleText } from "#runtime/text";

/** Prints to standard output. Names and messages from outside are in most texts: nothing in them moves the cursor. */
export function print(text: string): void {
  console.log(visibleText(text));
}

/** The same to standard error. */
export function printError(text: string): void {
  console.error(visibleText(text));
}
