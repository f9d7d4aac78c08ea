/**
 * A part of a directory: the objects whose Name begins with `prefix` and goes on with one of the characters `next`, and,
 * where `isRest`, those that go on with any other character or not at all. Letter case does not count.
 */
export type Partition = { prefix: string; next: string; isRest: boolean };

const lettersAndDigits = "0123456789abcdefghijklmnopqrstuvwxyz";
/** No name begins with these; `-like` takes them as they are, and a filter in a URL too. */
const betweenWords = " -._";

/** A partition that is too large becomes this many. */
const partsOfSplit = 4;
/** The longest Name there is. https://learn.microsoft.com/powershell/module/exchangepowershell/set-user#-name */
const longestPrefix = 64;

export const wholeDirectory: Partition = { prefix: "", next: lettersAndDigits, isRest: true };

/** Every character that a name may go on with by which partitions are told apart. */
export function alphabetAfter(prefix: string): string {
  return prefix === "" ? lettersAndDigits : lettersAndDigits + betweenWords;
}

/**
 * Parts that together are the partition, whatever the server's collation: the rest is always the negation of all that is
 * named beside it. None where it cannot be told apart any further.
 */
export function splitPartition(partition: Partition): Partition[] {
  const { prefix, next, isRest } = partition;
  if (next.length + Number(isRest) > 1) return distribute(partition);
  if (isRest || prefix.length + next.length > longestPrefix) return [];
  return distribute({ prefix: prefix + next, next: alphabetAfter(prefix + next), isRest: true });
}

function distribute({ prefix, next, isRest }: Partition): Partition[] {
  const size = Math.ceil((next.length + Number(isRest)) / partsOfSplit);
  const parts: Partition[] = [];
  for (let start = 0; start < next.length; start += size) {
    parts.push({ prefix, next: next.slice(start, start + size), isRest: false });
  }
  const last = parts.at(-1);
  if (isRest && last && last.next.length < size) last.isRest = true;
  else if (isRest) parts.push({ prefix, next: "", isRest: true });
  return parts;
}

/**
 * The partition in OPATH, undefined for the whole directory. It holds nothing but the characters above, so nothing in it
 * needs to be escaped. https://learn.microsoft.com/powershell/exchange/recipient-filters
 */
export function partitionFilter({ prefix, next, isRest }: Partition): string | undefined {
  const all = alphabetAfter(prefix);
  if (!isRest) return anyOf(prefix, next);
  const own = prefix === "" ? undefined : `Name -like '${prefix}*'`;
  const others = [...all].filter((character) => !next.includes(character)).join("");
  if (others === "") return own;
  const rest = `-not (${anyOf(prefix, others)})`;
  return own === undefined ? rest : `${own} -and ${rest}`;
}

function anyOf(prefix: string, characters: string): string {
  return [...characters].map((character) => `Name -like '${prefix}${character}*'`).join(" -or ");
}

/** For people: `a[0-9a-f]`, `ab[x-z and others]`, `all`. */
export function nameOfPartition({ prefix, next, isRest }: Partition): string {
  const isAll = isRest && next === alphabetAfter(prefix);
  if (isAll) return prefix === "" ? "all" : `${prefix}*`;
  const characters = [...new Set([next.at(0), next.at(-1)])].filter(Boolean).join("-");
  const parts = [characters, isRest ? "others" : ""].filter((part) => part !== "");
  return `${prefix}[${parts.join(" and ")}]`;
}
