import { type Deadline, deadlineIn, earlier } from "#runtime/deadline";
import { type Attempts, retry } from "#runtime/retry";
import type { Directory, ListOptions, ListQuery, SnapshotRow } from "#snapshots/directory";
import type { Manifest } from "#snapshots/manifest";
import {
  type Partition,
  type PlannedPartition,
  partitionFilter,
  splitPartition,
  wholeDirectory,
} from "#snapshots/partition";
import type { TakenRecord, Tally } from "#snapshots/tally";

/** One answer takes seconds; the module itself repeats for about a minute. */
const longestAnswerMs = 3 * 60_000;

/** How much earlier than the run a change counts as made during it: clocks differ, and directories copy changes slowly. */
const clockMarginMs = 15 * 60_000;

/** So many splits in a row without any row mean that the server does not heed the filter. */
const maxConsecutiveEmptySplits = 100;

export type Reading = Pick<Manifest, "partitions" | "changedMeanwhile">;

type Options = {
  directory: Directory;
  /** How many rows Exchange puts into one answer. */
  pageRows: number;
  plan: readonly PlannedPartition[];
  tally: Tally;
  deadline: Deadline;
  attempts: Attempts;
  /** Once aborted reading ends, and its reason is thrown. */
  signal: AbortSignal;
  readStartedAt: Date;
  /** Called after each partition with the part of the directory that is read, from 0 to 1, as far as can be told. */
  onRead: (share: number) => void;
};

type Waiting = { partition: PlannedPartition; share: number };

type Answer = {
  partition: Partition;
  share: number;
  reading: "whole" | "paged";
  /** It holds the directory alone: the answers before it do not count. */
  isAlone?: true;
  rows: Iterable<SnapshotRow> | AsyncIterable<SnapshotRow>;
};

/**
 * Reads a directory partition by partition and yields each record once. A partition's rows count when its answer is shorter
 * than a page; a fuller one is split, and what cannot be split is read page by page. `reading` is filled in on the way.
 */
export async function* readPartitions(options: Options, reading: Reading): AsyncGenerator<TakenRecord, void> {
  const { tally, onRead } = options;
  let done = 0;
  for await (const { partition, share, rows, isAlone, ...answer } of readAnswers(options)) {
    if (isAlone) reading.partitions = [];
    let count = 0;
    for await (const row of rows) {
      count += 1;
      const record = tally.take(row);
      if (record) yield record;
    }
    reading.partitions.push({ ...toStored(partition), rows: count, reading: answer.reading });
    done += share;
    onRead(Math.min(done, 1));
  }
  const isOneAnswer = reading.partitions.length === 1 && reading.partitions[0]?.reading === "whole";
  if (!isOneAnswer) yield* readChangedMeanwhile(options, reading);
}

/** The answers that together hold the directory; the last one does so alone where splitting leads to nothing. */
async function* readAnswers(options: Options): AsyncGenerator<Answer, void> {
  const { plan, pageRows } = options;
  const waiting = shareOut(plan);
  let emptySplits = 0;
  for (let next = waiting.shift(); next; next = waiting.shift()) {
    const { partition, share } = next;
    const rows = isTooLarge(partition, pageRows) ? undefined : await readAnswer(toQuery(partition, pageRows), options);
    if (rows && rows.length < pageRows) {
      if (rows.length > 0) emptySplits = 0;
      yield { partition, share, reading: "whole", rows };
      continue;
    }
    const parts = splitPartition(partition, namesOf(rows ?? []));
    if (parts.length === 0) {
      yield { partition, share, reading: "paged", rows: readPaged(partition, options) };
      continue;
    }
    if (emptySplits === maxConsecutiveEmptySplits) {
      const rows = readPaged(wholeDirectory, options);
      return yield { partition: wholeDirectory, share: 1, reading: "paged", isAlone: true, rows };
    }
    emptySplits += 1;
    waiting.unshift(...parts.map((part) => ({ partition: { ...part, rows: undefined }, share: share / parts.length })));
  }
}

/**
 * Somebody renamed while partitions were read may have moved from one not yet read to one that was. So whoever has changed
 * since is read once more, and added where missing.
 */
async function* readChangedMeanwhile(options: Options, reading: Reading): AsyncGenerator<TakenRecord, void> {
  const { tally, readStartedAt, pageRows } = options;
  const since = new Date(readStartedAt.getTime() - clockMarginMs).toISOString();
  const filter = `WhenChangedUTC -ge '${since}'`;
  const before = tally.rows;
  const rows = await readAnswer({ filter, resultSize: pageRows }, options);
  for await (const row of rows.length < pageRows ? rows : readEveryPage({ filter, resultSize: "Unlimited" }, options)) {
    const record = tally.takeMissed(row);
    if (record) yield record;
  }
  const answer = rows.length < pageRows ? "whole" : "paged";
  reading.changedMeanwhile = { since, rows: tally.rows - before, reading: answer };
}

function toStored(partition: Partition) {
  const { prefix } = partition;
  return "next" in partition ? { prefix, next: [...partition.next] } : { prefix, except: [...partition.except] };
}

function toQuery(partition: Partition, resultSize: ListQuery["resultSize"]): ListQuery {
  const filter = partitionFilter(partition);
  return filter === undefined ? { resultSize } : { filter, resultSize };
}

function namesOf(rows: readonly SnapshotRow[]): string[] {
  return rows.flatMap((row) => (row.ok && row.name !== undefined ? [row.name] : []));
}

/** The rows of one answer, asked for again by themselves where they do not come. */
function readAnswer(query: ListQuery, options: Options): Promise<SnapshotRow[]> {
  return retry(options.attempts, async () => {
    const deadline = earlier(options.deadline, deadlineIn(longestAnswerMs));
    const rows: SnapshotRow[] = [];
    for await (const row of options.directory.list(query, { ...hooks(options), deadline })) {
      options.signal.throwIfAborted();
      rows.push(row);
    }
    return rows;
  });
}

function readPaged(partition: Partition, options: Options): AsyncGenerator<SnapshotRow, void> {
  return readEveryPage(toQuery(partition, "Unlimited"), options);
}

/** Rows page by page, passed on as they come: one that comes again after a fresh start is told by its id. */
async function* readEveryPage(query: ListQuery, options: Options): AsyncGenerator<SnapshotRow, void> {
  const { attempts, tally } = options;
  for (let attempt = 0; ; attempt += 1) {
    try {
      for await (const row of options.directory.list(query, hooks(options))) {
        if (attempt === 0 || !row.ok || !tally.index.has(row.id)) yield row;
      }
      return;
    } catch (error) {
      await attempts.backoff(attempt, error);
    }
  }
}

function hooks({ deadline, tally }: Options): ListOptions {
  return { deadline, onWarning: (text) => tally.warn(text) };
}

/** What was read page by page before is not tried in one answer first. */
function isTooLarge({ rows }: PlannedPartition, pageRows: number): boolean {
  return rows !== undefined && rows >= pageRows;
}

function shareOut(plan: readonly PlannedPartition[]): Waiting[] {
  const total = plan.reduce((sum, { rows = 0 }) => sum + rows + 1, 0);
  return plan.map((partition) => ({ partition, share: ((partition.rows ?? 0) + 1) / total }));
}
