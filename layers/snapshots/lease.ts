import { setTimeout as delay } from "node:timers/promises";
import { ExchangeError } from "#runtime/errors";
import { type ClaimedRun, changeLatest, type Latest, type Published } from "#snapshots/latest";
import type { SnapshotKind } from "#snapshots/layout";
import { isStorageUnavailable, type ObjectStore } from "#storage/object-store";

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
export function requireLaterRead({ published }: Latest, own: { runId: string; readStartedAt: string }): void {
  if (published === null) return;
  const before = Date.parse(published.readStartedAt);
  if (Date.parse(own.readStartedAt) > before || before > Date.now()) return;
  throw new ExchangeError(
    "RUN_OUTDATED",
    `${published.runId} is published and was read from ${published.readStartedAt} on; ${own.runId} would be of ` +
      `${own.readStartedAt}. Nothing was published. If that is not so, the clocks of two functions differ.`,
  );
}
