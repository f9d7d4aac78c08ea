import { setTimeout as delay } from "node:timers/promises";
import * as z from "zod";
import { ExchangeError } from "#runtime/errors";
import { latestKey, type SnapshotKind } from "#snapshots/layout";
import { isStorageUnavailable, type ObjectStore } from "#storage/object-store";
import { changeDocument, decideDocument, readDocument, type SharedDocument } from "#storage/shared-document";

const time = z.iso.datetime();

const publishedSchema = z.strictObject({
  runId: z.string(),
  manifestKey: z.string(),
  /** Of the manifest's bytes; the manifest has those of the pages. */
  manifestSha256: z.string(),
  source: z.string(),
  rows: z.int().nonnegative(),
  scheduledTime: time,
  readStartedAt: time,
  publishedAt: time,
});

const claimedRunSchema = z.strictObject({
  runId: z.string(),
  scheduledTime: time,
  readStartedAt: time,
  leaseUntil: time,
});

/** `latest.json`: the snapshot that readers see, and the run in progress, which alone may publish the next one. */
export const latestSchema = z.strictObject({
  published: publishedSchema.nullable(),
  run: claimedRunSchema.nullable(),
});

export type Latest = z.infer<typeof latestSchema>;
export type Published = z.infer<typeof publishedSchema>;
export type ClaimedRun = z.infer<typeof claimedRunSchema>;

type Options = { signal?: AbortSignal };

/** What `latest.json` says; nothing published and no run where there is none. `STORAGE_CORRUPT` where it is no such thing. */
export async function readLatest(store: ObjectStore, kind: SnapshotKind, options: Options = {}): Promise<Latest> {
  return (await readDocument(store, latestDocument(kind), options)) ?? nothing;
}

/** Changes `latest.json` as `changeDocument` does. */
export async function changeLatest(
  store: ObjectStore,
  kind: SnapshotKind,
  change: (latest: Latest, writtenAt: Date) => Latest | undefined,
  options: Options = {},
): Promise<void> {
  await changeDocument(store, latestDocument(kind), (latest = nothing, at) => change(latest, at), options);
}

const nothing: Latest = { published: null, run: null };

function latestDocument(kind: SnapshotKind): SharedDocument<Latest> {
  return {
    key: latestKey(kind),
    schema: latestSchema,
    repair: "Put an earlier version of it back, or delete it to start anew:",
  };
}

/** How long a run that does not renew keeps others out, and how often it renews. */
export type LeaseTimes = { leaseMs: number; renewEveryMs: number };

type LeaseOptions = { signal?: AbortSignal };

/** Trouble in a renewal is tried again this many times sooner than the next renewal would be. */
const soonerAfterTrouble = 6;

/**
 * A run's right to publish: that `latest.json` names it, which only a run that claims takes from it. Clocks decide how soon
 * another may claim, never who holds the right. Renewed by itself until published or released.
 */
export class Lease {
  readonly #store: ObjectStore;
  readonly #kind: SnapshotKind;
  readonly #run: ClaimedRun;
  readonly #times: LeaseTimes;
  readonly #ended = new AbortController();
  readonly #lost = new AbortController();

  /** Of a run that has claimed. */
  constructor(store: ObjectStore, kind: SnapshotKind, run: ClaimedRun, times: LeaseTimes) {
    this.#store = store;
    this.#kind = kind;
    this.#run = run;
    this.#times = times;
    void this.#renewUntilEnded();
  }

  /** Aborted, with the ExchangeError that says why, when the run has to stop: RUN_TAKEN_OVER, or S3 out of reach for long. */
  get signal(): AbortSignal {
    return this.#lost.signal;
  }

  /** Makes a snapshot the one that readers see and ends the lease. `RUN_TAKEN_OVER`, `RUN_OUTDATED`. */
  async publish(published: Published, options: LeaseOptions = {}): Promise<void> {
    this.#ended.abort();
    await this.#change((latest) => {
      if (latest.published?.runId === published.runId) return undefined;
      requireClaim(latest, this.#run);
      requireLaterRead(latest, published);
      return { published, run: null };
    }, options);
  }

  /** Ends the lease and leaves what is published, so that the next run need not wait. */
  async release(options: LeaseOptions = {}): Promise<void> {
    this.#ended.abort();
    await this.#change((latest) => {
      return latest.run?.runId === this.#run.runId ? { ...latest, run: null } : undefined;
    }, options);
  }

  async #renewUntilEnded(): Promise<void> {
    const { leaseMs, renewEveryMs } = this.#times;
    let leaseUntil = Date.parse(this.#run.leaseUntil);
    let pauseMs = renewEveryMs;
    while (await this.#pause(pauseMs)) {
      const renewedUntil = Date.now() + leaseMs;
      try {
        await this.#renew(renewedUntil, leaseUntil);
        leaseUntil = renewedUntil;
        pauseMs = renewEveryMs;
      } catch (error) {
        if (this.#ended.signal.aborted) return;
        if (!isStorageUnavailable(error) || Date.now() >= leaseUntil) return this.#lost.abort(error);
        pauseMs = renewEveryMs / soonerAfterTrouble;
      }
    }
  }

  /** False when the lease ended meanwhile. Keeps no process alive. */
  async #pause(pauseMs: number): Promise<boolean> {
    const { signal } = this.#ended;
    await delay(pauseMs, undefined, { ref: false, signal }).catch(() => {});
    return !signal.aborted;
  }

  /** Also a lease that is over can be renewed, while nobody else has claimed. */
  async #renew(renewedUntil: number, overAt: number): Promise<void> {
    const timeLeft = AbortSignal.timeout(Math.max(overAt - Date.now(), this.#times.renewEveryMs));
    const leaseUntil = new Date(renewedUntil).toISOString();
    await this.#change(
      (latest) => {
        const run = requireClaim(latest, this.#run);
        return run.leaseUntil === leaseUntil ? undefined : { ...latest, run: { ...run, leaseUntil } };
      },
      { signal: AbortSignal.any([this.#ended.signal, timeLeft]) },
    );
  }

  #change(change: (latest: Latest) => Latest | undefined, options: LeaseOptions): Promise<void> {
    return changeLatest(this.#store, this.#kind, change, options);
  }
}

/** The run, as `latest.json` has it. `RUN_TAKEN_OVER` where it names another one or none. */
function requireClaim({ run, published }: Latest, own: ClaimedRun): ClaimedRun {
  if (run?.runId === own.runId) return run;
  const other = run?.runId ?? published?.runId ?? "another one";
  throw new ExchangeError(
    "RUN_TAKEN_OVER",
    `The run ${own.runId} was taken over by ${other}, because its lease was not renewed in time. It published nothing.`,
  );
}

/**
 * A snapshot may follow only one whose reading began before its own did. A beginning that is yet to come was told by a wrong
 * clock: it holds nobody up.
 */
function requireLaterRead({ published }: Latest, own: { runId: string; readStartedAt: string }): void {
  if (published === null) return;
  const before = Date.parse(published.readStartedAt);
  if (Date.parse(own.readStartedAt) > before || before > Date.now()) return;
  throw new ExchangeError(
    "RUN_OUTDATED",
    `${published.runId} is published and was read from ${published.readStartedAt} on; ${own.runId} would be of ` +
      `${own.readStartedAt}. Nothing was published. If that is not so, the clocks of two functions differ.`,
  );
}

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
  const skipped = await decideDocument(
    store,
    latestDocument(claimant.kind),
    (latest = nothing, writtenAt) => {
      if (latest.run?.runId === run.runId) return { answer: undefined };
      const reason = reasonToSkip(latest, run.scheduledTime, writtenAt);
      if (reason !== undefined) return { answer: reason };
      requireLaterRead(latest, run);
      return { write: { ...latest, run }, answer: undefined };
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
