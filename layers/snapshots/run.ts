import { newRunId, type SnapshotKind } from "#snapshots/layout";

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
