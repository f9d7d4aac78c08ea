import { ExchangeError } from "#runtime/exchange-error";
import type { ObjectStore } from "#runtime/object-store";
import { type Latest, type Published, readLatest } from "#snapshots/latest";
import { latestKey, type SnapshotKind } from "#snapshots/layout";

const claimAttempts = 10;

export type LeaseOptions = {
  store: ObjectStore;
  kind: SnapshotKind;
  runId: string;
  scheduledTime: Date;
  startedAt: Date;
  /** How long a run that says nothing keeps others out. */
  leaseMs: number;
  renewEveryMs: number;
};

/** A run's right to publish, held by the ETag of `latest.json`. */
export type Lease = {
  /** Aborted, with `RUN_TAKEN_OVER` as the reason, once another run holds the right. */
  readonly signal: AbortSignal;
  /** Makes the snapshot the one that readers see, and ends the lease. `RUN_TAKEN_OVER`, `RUN_OUTDATED`. */
  publish(published: Published): Promise<void>;
  /** Ends the lease and leaves what is published. The next run need not wait for the lease to run out. */
  release(): Promise<void>;
};

export type Claim = { lease: Lease } | { skipped: string };

/**
 * Claims the run. Skipped where another run is under way, or the scheduled time is published already.
 * `RUN_IN_PROGRESS` where that other run is the same scheduled one: Lambda repeats what may have crashed.
 */
export async function claimRun(options: LeaseOptions): Promise<Claim> {
  const { store, kind, runId, startedAt } = options;
  const scheduledTime = options.scheduledTime.toISOString();
  for (let attempt = 0; attempt < claimAttempts; attempt += 1) {
    const { latest, etag: seenEtag } = await readLatest(store, kind);
    const skipped = reasonToSkip(latest, scheduledTime);
    if (skipped !== undefined) return { skipped };

    const run = { runId, scheduledTime, startedAt: startedAt.toISOString(), leaseUntil: leaseEnd(options.leaseMs) };
    const claimed: Latest = { published: latest.published, run };
    const etag = await store.putOver(seenEtag, latestKey(kind), JSON.stringify(claimed));
    if (etag !== undefined) return { lease: holdLease(options, claimed, etag) };
  }
  throw new ExchangeError("RUN_IN_PROGRESS", `Other runs kept claiming ${latestKey(kind)}. This one has read nothing.`);
}

function reasonToSkip({ published, run }: Latest, scheduledTime: string): string | undefined {
  if (published?.scheduledTime === scheduledTime)
    return `The run of ${scheduledTime} is published: ${published.runId}.`;
  if (run === null || Date.parse(run.leaseUntil) <= Date.now()) return undefined;
  if (run.scheduledTime !== scheduledTime) return `Another run is under way: ${run.runId}, until ${run.leaseUntil}.`;
  throw new ExchangeError(
    "RUN_IN_PROGRESS",
    `The run of ${scheduledTime} is under way as ${run.runId}, or crashed. Its lease ends ${run.leaseUntil}: repeat it then.`,
  );
}

function holdLease(options: LeaseOptions, claimed: Latest, claimedEtag: string): Lease {
  const { store, kind, runId, leaseMs, renewEveryMs } = options;
  const lost = new AbortController();
  let latest = claimed;
  let etag = claimedEtag;
  let lastWrite: Promise<void> = Promise.resolve();

  /** Writes come one after another, each over the one before. */
  function write(next: Latest): Promise<void> {
    lastWrite = lastWrite
      .catch(() => {})
      .then(async () => {
        lost.signal.throwIfAborted();
        const written = await store.putOver(etag, latestKey(kind), JSON.stringify(next));
        if (written === undefined) {
          lost.abort(
            new ExchangeError("RUN_TAKEN_OVER", `Another run took over from ${runId}. Nothing of it is published.`),
          );
          lost.signal.throwIfAborted();
        } else {
          [latest, etag] = [next, written];
        }
      });
    return lastWrite;
  }

  const renewing = setInterval(() => {
    if (!latest.run) return;
    // S3 out of reach is tried again at the next renewal: the ETag decides whose run it is, not the lease's end.
    write({ ...latest, run: { ...latest.run, leaseUntil: leaseEnd(leaseMs) } }).catch(() => {});
  }, renewEveryMs);
  renewing.unref();

  return {
    signal: lost.signal,
    publish: async (published) => {
      clearInterval(renewing);
      await lastWrite.catch(() => {});
      refuseOlder(latest.published, published);
      await write({ published, run: null });
    },
    release: async () => {
      clearInterval(renewing);
      await write({ published: latest.published, run: null }).catch(() => {}); // the lease runs out by itself
    },
  };
}

function refuseOlder(before: Published | null, published: Published): void {
  if (before === null || Date.parse(published.readStartedAt) > Date.parse(before.readStartedAt)) return;
  throw new ExchangeError(
    "RUN_OUTDATED",
    `${before.runId} is published and was read from ${before.readStartedAt} on, ${published.runId} from ${published.readStartedAt} on. The later one stays.`,
  );
}

function leaseEnd(leaseMs: number): string {
  return new Date(Date.now() + leaseMs).toISOString();
}
