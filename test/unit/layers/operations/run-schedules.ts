import { AsyncLocalStorage } from "node:async_hooks";
import { createHash } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { expect, onTestFinished, vi } from "vitest";
import type { AwsFault } from "#local/aws/faults";
import { createRandom, type Random } from "#local/exchange/tenant/random";
import { claimOperation, type Operation, type Work } from "#operations/ledger";
import { toExchangeError } from "#runtime/errors";
import type { ObjectStore } from "#storage/object-store";
import { createMemoryStore, longestWayMs } from "#test/support/memory-store";
import { seed } from "#test/support/seed";
import { simulateTime } from "#test/support/simulated-time";
import { type Storage, startStorage } from "#test/support/storage";

const minuteMs = 60_000;

/** By how much the clock of the worker that asks is wrong. */
const clock = new AsyncLocalStorage<{ offMs: number }>();

/** Expects so many random schedules each to end an operation once and to lose nothing that was kept. */
export async function runInMemory(schedules: number): Promise<void> {
  simulateTime();
  const met = await runSchedules({ schedules, atOnce: 1 }, ({ next }) => {
    let isCalm = false;
    const random = () => (isCalm ? 0.99 : next());
    const calmDown = async () => {
      isCalm = true;
      await delay(2 * longestWayMs);
    };
    return { store: createMemoryStore(random, 0.06), paceMs: 1, calmDown };
  });
  for (const count of Object.values(met)) expect(count).toBeGreaterThan(schedules / 20);
}

/** The same with an S3 in trouble, where it takes the time it takes. */
export async function runOnStorage(schedules: number): Promise<void> {
  const storage = await startStorage();
  onTestFinished(() => storage.stop());

  await runSchedules({ schedules, atOnce: 10 }, (random, key) => {
    const faults = addFaults(storage, random, key);
    const calmDown = async () => {
      for (const fault of faults) storage.s3.faults.remove(fault);
      await delay(longestDelayMs);
    };
    return { store: storage.store, paceMs: 15, calmDown };
  });
}

/** Where the operation of one schedule lies, and how fast it is there. */
type Place = { store: ObjectStore; paceMs: number; calmDown(): Promise<void> };

/** How often workers met what the schedules are about. */
type Met = { takenOver: number; lost: number; unanswered: number; busy: number };

async function runSchedules(
  { schedules, atOnce }: { schedules: number; atOnce: number },
  open: (random: Random, key: string) => Place,
): Promise<Met> {
  const from = seed();
  spyOnClock();
  const met: Met = { takenOver: 0, lost: 0, unanswered: 0, busy: 0 };

  for (let first = 0; first < schedules; first += atOnce) {
    const numbers = Array.from({ length: atOnce }, (_, number) => from * schedules + first + number);
    await Promise.all(
      numbers.map((number) => {
        const random = createRandom(number);
        const operationId = `operation-${number}`;
        return new Schedule(operationId, random, open(random, keyOf(operationId)), met).run();
      }),
    );
  }
  return met;
}

/** Lets each worker read its own clock. */
function spyOnClock(): void {
  const rightNow = Date.now;
  const spy = vi.spyOn(Date, "now").mockImplementation(() => rightNow() + (clock.getStore()?.offMs ?? 0));
  onTestFinished(() => spy.mockRestore());
}

const longestDelayMs = 80;

function addFaults({ s3 }: Storage, { below, pick }: Random, key: string): AwsFault[] {
  return Array.from({ length: 1 + below(6) }, () =>
    s3.faults.add({
      kind: pick(["dropAfter", "dropAfter", "dropBefore", "slowDown", "internalError", "conflict", "delay"]),
      method: pick(["GET", "PUT", "PUT"]),
      target: key,
      after: below(8),
      every: 1 + below(4),
      times: 1 + below(3),
      delayMs: below(longestDelayMs),
    }),
  );
}

function keyOf(operationId: string): string {
  return `operations/${createHash("sha256").update(operationId).digest("hex")}.json`;
}

/** Two to four workers on one operation, until each has heard of its end. */
class Schedule {
  readonly #operationId: string;
  readonly #random: Random;
  readonly #place: Place;
  readonly #met: Met;
  /** Every right to go on that was ever given. */
  readonly #given: Operation[] = [];
  /** What the ledger may hold: what was confirmed last, and what has been written since without an answer. */
  #possible: Work[] = [null];
  /** The changes that were made, each after its intent was confirmed. */
  readonly #made: string[] = [];
  /** The texts of the results that anybody has stored or read. */
  readonly #results = new Set<string>();
  #moved = Promise.withResolvers<void>();

  constructor(operationId: string, random: Random, place: Place, met: Met) {
    this.#operationId = operationId;
    this.#random = random;
    this.#place = place;
    this.#met = met;
  }

  async run(): Promise<void> {
    const workers = Array.from({ length: 2 + this.#random.below(3) }, (_, worker) =>
      clock.run({ offMs: (this.#random.next() - 0.5) * 20 * minuteMs }, () => this.#work(worker)),
    );
    await Promise.all(workers);
    await this.#place.calmDown();

    const ended = await this.#read();
    for (const operation of this.#given) {
      await expect(operation.finish("late")).rejects.toMatchObject({ code: "CLAIM_LOST" });
    }
    expect(await this.#read()).toBe(ended);
    const { result, work } = JSON.parse(ended);
    expect([...this.#results]).toEqual([result]);
    expect(work).toEqual(expect.arrayContaining(this.#made));
  }

  async #read(): Promise<string> {
    return (await this.#place.store.get(keyOf(this.#operationId)))?.body.toString() ?? "";
  }

  async #work(worker: number): Promise<void> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        if (await this.#attempt(worker)) return;
      } catch (thrown) {
        const { code } = toExchangeError(thrown);
        if (code === "CLAIM_LOST") this.#met.lost += 1;
        else if (code === "STORAGE_UNAVAILABLE") this.#met.unanswered += 1;
        else throw thrown;
      }
      await delay(this.#random.below(attempt * attempt * this.#place.paceMs));
    }
  }

  /** Whether the operation has ended. */
  async #attempt(worker: number): Promise<boolean> {
    const endedBefore = this.#results.size > 0;
    const leaseMs = this.#random.pick([-1, 1, 15, 15]) * minuteMs;
    const answer = await claimOperation(this.#place.store, {
      operationId: this.#operationId,
      action: "add-group-members",
      body: {},
      leaseUntil: new Date(Date.now() + leaseMs),
      mayBegin: true,
    });
    if (endedBefore) expect(answer.status).toBe("finished");
    if (answer.status === "finished") {
      this.#results.add(answer.result);
      expect(this.#results.size).toBe(1);
      return true;
    }
    if (answer.status === "claimed") await this.#runAttempt(answer.operation, worker);
    else if (answer.status === "busy") this.#waitUntil(answer.until);
    else throw new Error(`The claim was answered with ${answer.status}.`);
    return false;
  }

  async #runAttempt(operation: Operation, worker: number): Promise<void> {
    expect(this.#given.map(({ attempts }) => attempts)).not.toContain(operation.attempts);
    if (this.#given.length > 0) this.#met.takenOver += 1;
    if (operation.attempts > this.#newestAttempt()) {
      expect(this.#possible).toContainEqual(operation.work);
      this.#possible = [operation.work];
    } // else it was taken over while it heard of its claim, and nothing it does may succeed
    this.#given.push(operation);
    this.#announce();

    for (let step = 0; step < 2 + this.#random.below(2); step += 1) {
      await this.#freezeAtTimes();
      if (this.#random.chance(0.05)) return; // dead; its right outlives it
      const before = (operation.work ?? []) as string[];
      const intent = `${worker}:${operation.attempts}:${step}`;
      const isKept = await this.#keep(operation, [...before, intent]);
      if (isKept && this.#random.chance(0.8)) this.#made.push(intent);
      else await this.#write(operation, before);
    }
    await this.#freezeAtTimes();
    const { work } = operation;
    if (this.#random.chance(0.15)) return this.#confirm(operation, () => operation.release(work));
    const result = JSON.stringify({ worker, work });
    await this.#confirm(operation, () => operation.finish(result));
    this.#results.add(result);
    expect(this.#results.size).toBe(1);
    expect(work).toEqual(expect.arrayContaining(this.#made));
    this.#announce();
  }

  /** Whether the work is kept; where no answer came, it may be given up. */
  async #keep(operation: Operation, work: Work): Promise<boolean> {
    const signal = this.#random.chance(0.15) ? AbortSignal.timeout(this.#random.below(20)) : undefined;
    const isKept = await this.#write(operation, work, signal).then(() => true, unlessLost);
    if (!isKept) this.#met.unanswered += 1;
    if (isKept || this.#random.chance(0.5)) return isKept;
    await this.#write(operation, work);
    return true;
  }

  async #write(operation: Operation, work: Work, signal?: AbortSignal): Promise<void> {
    this.#possible.push(work);
    await this.#confirm(operation, () => operation.keep(work, signal ? { signal } : {}));
    if (operation.attempts === this.#newestAttempt()) this.#possible = [work];
  }

  /** What succeeds was begun by the newest holder, before any result was known. */
  async #confirm(operation: Operation, act: () => Promise<void>): Promise<void> {
    const [newestAttempt, results] = [this.#newestAttempt(), this.#results.size];
    await act();
    expect([operation.attempts, results]).toEqual([newestAttempt, 0]);
  }

  #newestAttempt(): number {
    return Math.max(0, ...this.#given.map(({ attempts }) => attempts));
  }

  /** For a moment, or until another has taken over or ended the operation. */
  async #freezeAtTimes(): Promise<void> {
    if (!this.#random.chance(0.15)) return;
    await Promise.race([this.#moved.promise, delay(this.#random.below(8 * this.#place.paceMs))]);
  }

  #announce(): void {
    this.#moved.resolve();
    this.#moved = Promise.withResolvers();
  }

  /** The minutes pass on this worker's clock alone. */
  #waitUntil(time: Date): void {
    this.#met.busy += 1;
    const own = clock.getStore();
    if (own && this.#random.chance(0.5)) own.offMs += Math.max(0, time.getTime() - Date.now());
  }
}

function unlessLost(thrown: unknown): false {
  if (toExchangeError(thrown).code === "CLAIM_LOST") throw thrown;
  return false;
}
