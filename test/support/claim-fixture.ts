import { randomUUID } from "node:crypto";
import type { SnapshotKind } from "#snapshots/layout";
import {
  type Claim,
  type Claimant,
  type ClaimedRun,
  changeLatest,
  claimRun,
  type Lease,
  type LeaseTimes,
  type Published,
} from "#snapshots/publication";
import type { ObjectStore } from "#storage/object-store";

type Options = Partial<Claimant & LeaseTimes>;

/** Claims of one snapshot, that of users by default, whose leases end with the test. */
export class ClaimFixture {
  readonly #store: ObjectStore;
  readonly #kind: SnapshotKind;
  readonly #leases: Lease[] = [];

  constructor(store: ObjectStore, kind: SnapshotKind = "users") {
    this.#store = store;
    this.#kind = kind;
  }

  async try({ leaseMs = 60_000, renewEveryMs = 20_000, ...options }: Options): Promise<Claim> {
    const now = new Date();
    const claimant = {
      kind: this.#kind,
      runId: randomUUID(),
      scheduledTime: now,
      readStartedAt: now,
      ...options,
    } as const;
    const claim = await claimRun(this.#store, claimant, { leaseMs, renewEveryMs });
    if ("lease" in claim) this.#leases.push(claim.lease);
    return claim;
  }

  async claim(options: Options): Promise<Lease> {
    const claim = await this.try(options);
    if ("skipped" in claim) throw new Error(claim.skipped);
    return claim.lease;
  }

  async trySkipped(options: Options): Promise<string> {
    const claim = await this.try(options);
    if ("lease" in claim) throw new Error("It was not skipped.");
    return claim.skipped;
  }

  /** Leaves what a run leaves that claimed and then died, whatever was claimed before. */
  async cutOff(options: { runId?: string; scheduledTime?: Date; leaseUntil: Date }): Promise<void> {
    const { runId = randomUUID(), scheduledTime = new Date(0), leaseUntil } = options;
    const run: ClaimedRun = {
      runId,
      scheduledTime: scheduledTime.toISOString(),
      readStartedAt: new Date().toISOString(),
      leaseUntil: leaseUntil.toISOString(),
    };
    await changeLatest(this.#store, this.#kind, (latest) =>
      latest.run?.runId === runId ? undefined : { ...latest, run },
    );
  }

  async end(): Promise<void> {
    await Promise.all(this.#leases.map((lease) => lease.release().catch(() => {})));
  }
}

/** A snapshot that was read just now. */
export function snapshotOf(runId: string, options: Partial<Published> = {}): Published {
  const now = new Date().toISOString();
  return {
    runId,
    manifestKey: `${runId}/manifest.json`,
    manifestSha256: "",
    source: "recipients",
    rows: 0,
    scheduledTime: now,
    readStartedAt: now,
    publishedAt: now,
    ...options,
  };
}
