import type { Deadline } from "#runtime/deadline";

/** A row of a directory on its way into a snapshot: a record with its GUID, type and Name, or what was wrong with it. */
export type SnapshotRow =
  | { ok: true; id: string; type: string; name: string | undefined; record: object }
  | { ok: false; id: string | undefined; reason: string };

/** Which objects, in OPATH, and how many rows at most; without a filter all there are. */
export type ListQuery = { filter?: string; resultSize: number | "Unlimited" };

export type ListOptions = {
  deadline: Deadline;
  /** Takes what Exchange warns of. */
  onWarning: (text: string) => void;
};

/** What a snapshot is made of: the objects of one kind, read in one way. */
export type Directory = {
  list(query: ListQuery, options: ListOptions): AsyncIterable<SnapshotRow>;
  /** Which of these ids are one of theirs now; 20 ids at most. */
  findThere(ids: readonly string[], options: { deadline: Deadline }): Promise<ReadonlySet<string>>;
};
