import { formatCount } from "#runtime/format-count";

/** So many of something, as a part of a sentence: "1 list", "1,204 people". */
export function counted(count: number, one: string, several: string): string {
  return `${formatCount(count)} ${count === 1 ? one : several}`;
}
