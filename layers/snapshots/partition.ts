import { chunk } from "#runtime/text";

/**
 * A part of a directory, by how names (the property Name) begin: those that have the prefix and go on with one of `next`; or
 * those that have the prefix and go on with none of `except`. Letter case does not count.
 */
export type Partition = { prefix: string } & ({ next: readonly string[] } | { except: readonly string[] });

type Rest = Extract<Partition, { except: readonly string[] }>;

export const wholeDirectory: Rest = { prefix: "", except: [] };

const lettersAndDigits = [..."0123456789abcdefghijklmnopqrstuvwxyz"];
/** No name begins with these. */
const betweenWords = [..." -._"];
/** Letters and digits of any script, which a filter takes as they are. */
const letterOrDigit = /^[\p{L}\p{N}]$/u;

/** What a rest is the negation of; servers take no address of any length. */
const mostExceptions = 128;
/** The other names become this many parts, beside the rest. */
const groupsOfSplit = 3;
/** The longest Name there is. https://learn.microsoft.com/powershell/module/exchangepowershell/set-user#-name */
const longestPrefix = 64;

/** Whether a text can tell names apart: nothing in it needs to be escaped in a filter, and letter case does not part it. */
export function isTelling(text: string): boolean {
  return text !== "" && [...text].every(isTellingCharacter);
}

function isTellingCharacter(character: string): boolean {
  if (betweenWords.includes(character)) return true;
  return character.length === 1 && letterOrDigit.test(character) && character.toLowerCase() === character;
}

/**
 * Parts that together are the partition, whatever the server's collation: a rest is always the negation of all that is named
 * beside it. `names` are those that filled an answer of this partition. None where splitting leads no further.
 */
export function splitPartition(partition: Partition, names: readonly string[]): Partition[] {
  if ("except" in partition) return splitRest(partition, names);
  const { prefix, next } = partition;
  const [first = ""] = next;
  if (next.length === 1) return splitRest({ prefix: prefix + first, except: [] }, names);
  return group(next).map((some) => ({ prefix, next: some }));
}

function splitRest(rest: Rest, names: readonly string[]): Partition[] {
  const { prefix, except } = rest;
  if (prefix.length >= longestPrefix || except.length >= mostExceptions) return [];
  const isOwn = (name: string) => name.startsWith(prefix) && !except.some((text) => name.startsWith(prefix + text));
  const known = names.map((name) => name.toLowerCase()).filter(isOwn);
  const shared = sharedBeginning(known);
  if (known.length === names.length && shared.length > prefix.length) {
    const [child, others] = carve(rest, shared.slice(prefix.length));
    const parts = splitRest(child, names);
    return [...(parts.length > 0 ? parts : [child]), others];
  }
  return splitByCharacter(rest, known);
}

function splitByCharacter(rest: Rest, known: readonly string[]): Partition[] {
  const { prefix, except } = rest;
  const seen = new Set(known.map((name) => name.charAt(prefix.length)).filter(isTellingCharacter));
  const usual = prefix === "" ? lettersAndDigits : [...lettersAndDigits, ...betweenWords];
  const fresh = [...new Set([...usual, ...[...seen].sort()])].filter((character) => !except.includes(character));
  const told = fresh.slice(0, mostExceptions - except.length);
  if (told.length === 0) return [];

  const children: Partition[] = [];
  let others = rest;
  for (const character of told) {
    const [child, remaining] = carve(others, character);
    if (child.except.length > 0) children.push(child);
    others = remaining;
  }
  const plain = told.filter((character) => !children.some((child) => child.prefix === prefix + character));
  return [...group(plain).map((next) => ({ prefix, next })), ...children, others];
}

/** A rest parted into the names that go on with a text, and all others. What was excepted before stays so in its part. */
function carve({ prefix, except }: Rest, text: string): [child: Rest, others: Rest] {
  const inside = except.filter((excepted) => excepted.startsWith(text)).map((excepted) => excepted.slice(text.length));
  const outside = except.filter((excepted) => !excepted.startsWith(text));
  return [
    { prefix: prefix + text, except: inside },
    { prefix, except: [...outside, text] },
  ];
}

/** What all names begin with, as far as it can tell them from others; "" where there is no name. */
function sharedBeginning(names: readonly string[]): string {
  const [first = "", ...others] = names;
  let length = 0;
  while (length < first.length && length < longestPrefix && isTellingCharacter(first.charAt(length))) {
    if (others.some((name) => name.charAt(length) !== first.charAt(length))) break;
    length += 1;
  }
  return first.slice(0, length);
}

function group(texts: readonly string[]): string[][] {
  return chunk(texts, Math.ceil(texts.length / groupsOfSplit));
}

/**
 * The partition in OPATH, undefined for the whole directory. All of it is telling, so nothing has to be escaped.
 * https://learn.microsoft.com/powershell/exchange/recipient-filters
 */
export function partitionFilter(partition: Partition): string | undefined {
  const { prefix } = partition;
  if ("next" in partition) return anyOf(prefix, partition.next);
  const own = prefix === "" ? undefined : `Name -like '${prefix}*'`;
  if (partition.except.length === 0) return own;
  const rest = `-not (${anyOf(prefix, partition.except)})`;
  return own === undefined ? rest : `${own} -and ${rest}`;
}

function anyOf(prefix: string, texts: readonly string[]): string {
  return texts.map((text) => `Name -like '${prefix}${text}*'`).join(" -or ");
}

/** For people: `all`, `an*`, `a[0-f]*`, `a*, not [0-z]*`. */
export function nameOfPartition(partition: Partition): string {
  const { prefix } = partition;
  if ("next" in partition) return `${prefix}[${rangeOf(partition.next)}]*`;
  if (partition.except.length === 0) return prefix === "" ? "all" : `${prefix}*`;
  return `${prefix}*, not [${rangeOf(partition.except)}]*`;
}

function rangeOf(texts: readonly string[]): string {
  return [...new Set([texts.at(0), texts.at(-1)])].join("-");
}
