import { isTelling, type Partition, wholeDirectory } from "#snapshots/partition";

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
