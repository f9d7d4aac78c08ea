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
function isTelling(text: string): boolean {
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

/** A partition and how many rows it had when it was read last; undefined where it never was. */
export type PlannedPartition = Partition & { rows: number | undefined };

export type KnownPartition = Partition & { rows: number };

/** Small partitions are read as one up to this many rows, which leaves room to grow below a page of 1,000. */
const mergedRows = 800;
/** And up to this many texts to look for. */
const mergedTexts = 48;

/**
 * What to read first: the whole directory where nothing is known of it, else the partitions of the last snapshot, small ones
 * joined. Partitions that are not the whole directory exactly once count as nothing known.
 */
export function planPartitions(known: readonly KnownPartition[]): PlannedPartition[] {
  if (!isWholeDirectory(known)) return [{ ...wholeDirectory, rows: undefined }];
  const byPrefix = Map.groupBy(known, ({ prefix }) => prefix);
  const planned: KnownPartition[] = [];
  for (const prefix of [...byPrefix.keys()].sort((one, other) => other.length - one.length || (one < other ? -1 : 1))) {
    const merged = mergePartitions(byPrefix.get(prefix) ?? []);
    const [only] = merged;
    const parent = only && isEveryName(only) ? findParent(known, prefix) : undefined;
    if (only === undefined || parent === undefined) planned.push(...merged);
    else {
      const asOneOfParent = { prefix: parent, next: [prefix.slice(parent.length)], rows: only.rows };
      byPrefix.set(parent, [...(byPrefix.get(parent) ?? []), asOneOfParent]);
    }
  }
  return planned;
}

/** Whether every name belongs to at least one of the partitions, and none of them is there in vain. */
export function isWholeDirectory(partitions: readonly Partition[]): boolean {
  const byPrefix = Map.groupBy(partitions, ({ prefix }) => prefix);
  let used = 0;
  const covers = (prefix: string): boolean => {
    const own = byPrefix.get(prefix) ?? [];
    used += own.length;
    const [rest, ...otherRests] = own.flatMap((partition) => ("except" in partition ? [partition] : []));
    if (rest === undefined || otherRests.length > 0) return false;
    const { except } = rest;
    const named = own.flatMap((partition) => ("next" in partition ? partition.next : []));
    if (own.some((partition) => "next" in partition && partition.next.length === 0)) return false;
    if (new Set(except).size < except.length || new Set(named).size < named.length) return false;
    if (!except.every(isTelling) || !named.every((text) => except.includes(text))) return false;
    return except.every((text) => named.includes(text) || (byPrefix.has(prefix + text) && covers(prefix + text)));
  };
  return covers("") && used === partitions.length;
}

function mergePartitions(partitions: readonly KnownPartition[]): KnownPartition[] {
  const merged: KnownPartition[] = [];
  for (const partition of partitions) {
    const last = merged.at(-1);
    const joined = last && join(last, partition);
    if (joined === undefined) merged.push(partition);
    else merged.splice(-1, 1, joined);
  }
  return merged;
}

/** Two of one prefix as one; undefined where that would be too large. A rest takes in what it excepted. */
function join(one: KnownPartition, other: KnownPartition): KnownPartition | undefined {
  const { prefix } = one;
  const rows = one.rows + other.rows;
  if (rows > mergedRows) return undefined;
  if ("next" in one && "next" in other) {
    const next = [...one.next, ...other.next];
    return next.length > mergedTexts ? undefined : { prefix, next, rows };
  }
  const [rest, named] = "except" in one ? [one, other] : [other, one];
  if (!("except" in rest) || !("next" in named)) return undefined;
  return { prefix, except: rest.except.filter((text) => !named.next.includes(text)), rows };
}

function isEveryName(partition: Partition): boolean {
  return "except" in partition && partition.except.length === 0;
}

/** The prefix whose rest excepts all names with this one. */
function findParent(partitions: readonly Partition[], prefix: string): string | undefined {
  const parent = partitions.find(
    (partition) =>
      "except" in partition &&
      prefix.startsWith(partition.prefix) &&
      partition.except.includes(prefix.slice(partition.prefix.length)),
  );
  return parent?.prefix;
}
