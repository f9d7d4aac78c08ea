import { randomBytes } from "node:crypto";

export const snapshotKinds = ["users", "groups"] as const;

export type SnapshotKind = (typeof snapshotKinds)[number];

/** Sorts by the time it was made: `20260131T093000123Z-` and eight random characters. */
export function newRunId(madeAt: Date): string {
  return `${madeAt.toISOString().replaceAll(/[-:.]/g, "")}-${randomBytes(4).toString("hex")}`;
}

/** The one object that says what is published. It lies outside the runs, which are deleted when they are old. */
export function latestKey(kind: SnapshotKind): string {
  return `snapshots/${kind}/latest.json`;
}

/** What the keys of every run begin with. */
export function runsPrefix(kind: SnapshotKind): string {
  return `snapshots/${kind}/runs/`;
}

/** The run that a key belongs to; undefined where it belongs to none. */
export function runIdOf(kind: SnapshotKind, key: string): string | undefined {
  const [, , , runId, file] = key.startsWith(runsPrefix(kind)) ? key.slice(runsPrefix(kind).length).split("/") : [];
  return file === undefined ? undefined : runId;
}

/** The keys of a run, below the day on which it began (UTC). */
export function runKeys(kind: SnapshotKind, runId: string) {
  const [year, month, day] = [runId.slice(0, 4), runId.slice(4, 6), runId.slice(6, 8)];
  const folder = `${runsPrefix(kind)}${year}/${month}/${day}/${runId}`;
  return {
    page: (pageNumber: number) => `${folder}/page-${String(pageNumber).padStart(5, "0")}.ndjson.gz`,
    manifest: `${folder}/manifest.json`,
    changes: `${folder}/changes.ndjson.gz`,
    run: `${folder}/run.json`,
  };
}

/** One ingestion. Its reading starts when it does. */
export type Run = {
  kind: SnapshotKind;
  runId: string;
  source: string;
  scheduledTime: Date;
  readStartedAt: Date;
};

/** Begins a run now. Without a scheduled time it is meant for now. */
export function beginRun({ kind, source, scheduledTime }: Pick<Run, "kind" | "source"> & Partial<Run>): Run {
  const now = new Date();
  return { kind, source, runId: newRunId(now), scheduledTime: scheduledTime ?? now, readStartedAt: now };
}

/** What a manifest and a run record say of a run, both in the same words. */
export function describeRun({ kind, runId, source, scheduledTime, readStartedAt }: Run) {
  return {
    schemaVersion: 1,
    kind,
    runId,
    source,
    scheduledTime: scheduledTime.toISOString(),
    readStartedAt: readStartedAt.toISOString(),
  } as const;
}
