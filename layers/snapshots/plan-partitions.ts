import { alphabetAfter, type Partition, wholeDirectory } from "#snapshots/partition";

/** A partition and how many rows it had when it was read last; undefined where it never was. */
export type PlannedPartition = Partition & { rows: number | undefined };

type KnownPartition = Partition & { rows: number };

/** Small neighbours are read as one up to this many rows, which leaves room to grow below a page of 1,000. */
const mergedRows = 800;

/**
 * What to read first: the whole directory where nothing is known of it, else the partitions of the last snapshot, small ones
 * joined. Partitions that are not the whole directory exactly once count as nothing known.
 */
export function planPartitions(known: readonly KnownPartition[]): PlannedPartition[] {
  if (!isWholeDirectory(known)) return [{ ...wholeDirectory, rows: undefined }];
  const byPrefix = Map.groupBy(known, ({ prefix }) => prefix);
  const planned: KnownPartition[] = [];
  const longestFirst = [...allPrefixes(known)].sort(
    (one, other) => other.length - one.length || (one < other ? -1 : 1),
  );
  for (const prefix of longestFirst) {
    const merged = mergeNeighbours(prefix, byPrefix.get(prefix) ?? []);
    const [only] = merged;
    if (prefix !== "" && only && isAllAfter(prefix, only)) {
      const parent = prefix.slice(0, -1);
      byPrefix.set(parent, [
        ...(byPrefix.get(parent) ?? []),
        { ...only, prefix: parent, next: prefix.slice(-1), isRest: false },
      ]);
    } else planned.push(...merged);
  }
  return planned;
}

/** Whether every name belongs to exactly one of the partitions. */
export function isWholeDirectory(partitions: readonly Partition[]): boolean {
  const byPrefix = Map.groupBy(partitions, ({ prefix }) => prefix);
  let used = 0;
  const covers = (prefix: string): boolean => {
    const own = byPrefix.get(prefix) ?? [];
    used += own.length;
    const named = own.map(({ next }) => next).join("");
    if (own.filter(({ isRest }) => isRest).length !== 1 || new Set(named).size !== named.length) return false;
    if (own.some(({ next, isRest }) => next === "" && !isRest)) return false;
    if ([...named].some((character) => !alphabetAfter(prefix).includes(character))) return false;
    return [...alphabetAfter(prefix)].every(
      (character) => named.includes(character) || (byPrefix.has(prefix + character) && covers(prefix + character)),
    );
  };
  return covers("") && used === partitions.length;
}

function allPrefixes(partitions: readonly Partition[]): Set<string> {
  return new Set(
    partitions.flatMap(({ prefix }) =>
      Array.from({ length: prefix.length + 1 }, (_, length) => prefix.slice(0, length)),
    ),
  );
}

function mergeNeighbours(prefix: string, partitions: readonly KnownPartition[]): KnownPartition[] {
  const merged: KnownPartition[] = [];
  for (const partition of [...partitions].sort(byFirstCharacter(prefix))) {
    const last = merged.at(-1);
    if (last && last.rows + partition.rows <= mergedRows) {
      last.next += partition.next;
      last.isRest ||= partition.isRest;
      last.rows += partition.rows;
    } else merged.push({ ...partition });
  }
  return merged;
}

function byFirstCharacter(prefix: string) {
  const place = ({ next }: Partition) =>
    next === "" ? Number.POSITIVE_INFINITY : alphabetAfter(prefix).indexOf(next[0] ?? "");
  return (one: Partition, other: Partition) => place(one) - place(other);
}

function isAllAfter(prefix: string, { next, isRest }: Partition): boolean {
  return isRest && next.length === alphabetAfter(prefix).length;
}
