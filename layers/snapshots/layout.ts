import { randomBytes } from "node:crypto";

export type SnapshotKind = "users" | "groups";

/** Sorts by time: `20260131T093000123Z-` and eight random characters. */
export function newRunId(startedAt: Date): string {
  return `${startedAt.toISOString().replaceAll(/[-:.]/g, "")}-${randomBytes(4).toString("hex")}`;
}

/** The one object that says what is published. It lies outside the runs, which are deleted when they are old. */
export function latestKey(kind: SnapshotKind): string {
  return `snapshots/${kind}/latest.json`;
}

/** The keys of a run, below the day on which it started (UTC). */
export function runKeys(kind: SnapshotKind, runId: string) {
  const [year, month, day] = [runId.slice(0, 4), runId.slice(4, 6), runId.slice(6, 8)];
  const folder = `snapshots/${kind}/runs/${year}/${month}/${day}/${runId}`;
  return {
    page: (number: number) => `${folder}/page-${String(number).padStart(5, "0")}.ndjson.gz`,
    manifest: `${folder}/manifest.json`,
    report: `${folder}/run.json`,
  };
}
