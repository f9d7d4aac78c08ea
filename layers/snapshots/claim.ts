import { ExchangeError } from "#runtime/errors";
import { changeLatest, type Latest } from "#snapshots/latest";
import type { SnapshotKind } from "#snapshots/layout";
import { Lease, type LeaseTimes, requireLaterRead } from "#snapshots/lease";
import type { ObjectStore } from "#storage/object-store";

export type Claimant = { kind: SnapshotKind; runId: string; scheduledTime: Date; readStartedAt: Date };

/** The lease, or why there is nothing to do. */
export type Claim = { lease: Lease } | { skipped: string };

/**
 * Claims the next snapshot of a kind for a run. Skipped where its scheduled time is published already or another run is
 * under way. `RUN_IN_PROGRESS` where that one has the same scheduled time: a repetition of a run that was cut off has to come
 * again when the lease is over.
 */
export async function claimRun(
  store: ObjectStore,
  claimant: Claimant,
  times: LeaseTimes,
  options: { signal?: AbortSignal } = {},
): Promise<Claim> {
  const run = {
    runId: claimant.runId,
    scheduledTime: claimant.scheduledTime.toISOString(),
    readStartedAt: claimant.readStartedAt.toISOString(),
    leaseUntil: new Date(Date.now() + times.leaseMs).toISOString(),
  };
  let skipped: string | undefined;
  await changeLatest(
    store,
    claimant.kind,
    (latest, writtenAt) => {
      if (latest.run?.runId === run.runId) return undefined;
      skipped = reasonToSkip(latest, run.scheduledTime, writtenAt);
      if (skipped !== undefined) return undefined;
      requireLaterRead(latest, run);
      return { ...latest, run };
    },
    options,
  );
  return skipped === undefined ? { lease: new Lease(store, claimant.kind, run, times) } : { skipped };
}

/**
 * A lease ends at the latest so long after it was last written, by S3's clock: one that a clock far ahead has made would keep
 * everybody out.
 */
const longestLeaseMs = 10 * 60_000;

function reasonToSkip({ published, run }: Latest, scheduledTime: string, writtenAt: Date): string | undefined {
  if (published?.scheduledTime === scheduledTime) {
    return `The run scheduled for ${scheduledTime} is published already, as ${published.runId}.`;
  }
  if (run === null) return undefined;
  const leaseUntil = Math.min(Date.parse(run.leaseUntil), writtenAt.getTime() + longestLeaseMs);
  if (leaseUntil <= Date.now()) return undefined;
  if (run.scheduledTime !== scheduledTime)
    return `Another run is under way: ${run.runId}, scheduled for ${run.scheduledTime}.`;
  throw new ExchangeError(
    "RUN_IN_PROGRESS",
    `The run scheduled for ${scheduledTime} is under way as ${run.runId}, or was cut off. ` +
      `It can be repeated after ${new Date(leaseUntil).toISOString()}, unless it renews its lease.`,
  );
}
