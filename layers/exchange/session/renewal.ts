import { setTimeout as delay } from "node:timers/promises";
import type { Connected } from "#exchange/credential/credential-source";
import { type Deadline, deadlineIn, remainingMs } from "#runtime/deadline";
import { toExchangeError } from "#runtime/errors";
import { logger } from "#runtime/telemetry";

/** How long a try may take. A session opens within some 3 s. */
const tryLimitMs = 60_000;

/** How long a call waits for a try where it has to. */
const patienceMs = 10_000;

/** Opens a session with a credential that has changed; undefined where it has not. Once aborted it leaves none. */
type OpenSuccessor = (deadline: Deadline, signal: AbortSignal) => Promise<Connected | undefined>;

type Try = { deadline: Deadline; abort: AbortController; ended: Promise<void> };

/** Opens the successor of the session in use now and then, in the background: calls go on meanwhile. */
export class Renewal {
  readonly #open: OpenSuccessor;
  readonly #everyMs: number;
  #dueAt = Number.POSITIVE_INFINITY;
  #try: Try | undefined;
  #wasCutOff = false;
  #successor: Connected | undefined;

  constructor(open: OpenSuccessor, everyMs: number) {
    this.#open = open;
    this.#everyMs = everyMs;
  }

  /** From now, the next try is due after the usual time. */
  schedule(): void {
    this.#dueAt = Date.now() + this.#everyMs;
  }

  /**
   * Begins a try where one is due. Lambda freezes an environment between invocations, so a try may be cut off: then the
   * call that begins the next one waits for it.
   */
  async advance(deadline: Deadline): Promise<void> {
    if (this.#try && remainingMs(this.#try.deadline) === 0) this.cancel();
    if (this.#try || Date.now() < this.#dueAt) return;
    const isWaitedFor = this.#wasCutOff;
    this.#begin();
    if (isWaitedFor) await this.#wait(deadline);
  }

  /** For a call that has no other session: waits for a try that has begun, and cancels one that takes too long. */
  async finish(deadline: Deadline): Promise<void> {
    await this.#wait(deadline);
    this.cancel();
  }

  /** The session that was opened, once. */
  take(): Connected | undefined {
    const successor = this.#successor;
    this.#successor = undefined;
    return successor;
  }

  cancel(): void {
    if (!this.#try) return;
    this.#wasCutOff = remainingMs(this.#try.deadline) === 0;
    this.#try.abort.abort();
    this.#try = undefined;
  }

  #begin(): void {
    this.schedule();
    const deadline = deadlineIn(tryLimitMs);
    const abort = new AbortController();
    this.#try = { deadline, abort, ended: this.#run(deadline, abort.signal) };
  }

  async #run(deadline: Deadline, signal: AbortSignal): Promise<void> {
    try {
      const successor = await this.#open(deadline, signal);
      if (!signal.aborted) this.#successor = successor;
    } catch (error) {
      if (!signal.aborted) logger.warn("Session renewal failed, trying again later", { error: toExchangeError(error) });
    }
    if (signal.aborted) return;
    this.#wasCutOff = remainingMs(deadline) === 0;
    this.#try = undefined;
  }

  async #wait(deadline: Deadline): Promise<void> {
    if (!this.#try) return;
    const waitMs = Math.min(patienceMs, remainingMs(deadline));
    await Promise.race([this.#try.ended, delay(waitMs, undefined, { ref: false })]);
  }
}
