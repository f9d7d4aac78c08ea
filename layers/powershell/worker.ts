import { join } from "node:path";
import process from "node:process";
import { childEnvironment } from "#powershell/child-environment";
import { FrameError, readFrames } from "#powershell/frame-reader";
import type { AnswerFrame } from "#powershell/frames";
import { type ChildProcess, type StartProcess, startProcess } from "#powershell/process";
import { endTrouble, garbled, type Trouble } from "#powershell/session-errors";
import { openSessionFolders } from "#powershell/temporary-folders";
import { ExchangeError } from "#runtime/errors";

const script = join(import.meta.dirname, "worker", "worker.ps1");

/** How long a worker may take to end by itself once it has closed its output, or is asked to. */
const exitGraceMs = 1_000;

export type WorkerOptions = {
  powershellPath: string;
  /** This process's by default. What PowerShell may know of it reaches it. */
  environment?: NodeJS.ProcessEnv;
  /** What starts a program; by default, the operating system does. */
  startProcess?: StartProcess;
};

type Ready = Extract<AnswerFrame, { type: "ready" }>;
export type Answer = Exclude<AnswerFrame, Ready>;

/** PowerShell with worker.ps1 in it: lines in, frames out, and the one error that ended it. */
export class Worker {
  readonly #child: ChildProcess;
  readonly #frames: AsyncGenerator<AnswerFrame>;
  readonly #isCleared: Promise<void>;
  readonly #powershellPath: string;
  readonly #secrets = new Set<string>();
  #ready: Ready | undefined;
  #failure: ExchangeError | undefined;

  /** Starts PowerShell at once. Throws only where no temporary folder can be made; other trouble shows in `next`. */
  constructor({ powershellPath, environment = process.env, startProcess: start = startProcess }: WorkerOptions) {
    const folders = openSessionFolders();
    this.#powershellPath = powershellPath;
    this.#child = start(
      powershellPath,
      ["-NoLogo", "-NoProfile", "-NonInteractive", "-File", script],
      childEnvironment(environment, folders),
    );
    this.#isCleared = this.#child.ended.then(() => folders.remove());
    this.#frames = readFrames(this.#child.stdout);
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  get isUsable(): boolean {
    return this.#failure === undefined && !this.#child.hasEnded;
  }

  /** What ended this worker, as far as it was noticed. */
  get failure(): ExchangeError | undefined {
    return this.#failure;
  }

  /** What the worker said of itself. Known once `next` has answered. */
  get ready(): Ready | undefined {
    return this.#ready;
  }

  /** Keeps a text out of every error message. */
  hide(secret: string): void {
    if (secret !== "") this.#secrets.add(secret);
  }

  send(line: string): void {
    this.#child.write(line);
  }

  /** The next frame that answers something. `when` ends the sentence that says what went wrong. */
  async next(when: string): Promise<Answer> {
    for (;;) {
      const frame = await this.#nextFrame(when);
      if ((frame.type === "ready") === (this.#ready !== undefined)) {
        throw this.fail(garbled(`a frame of type "${frame.type}"`, when));
      }
      if (frame.type !== "ready") return frame;
      this.#ready = frame;
    }
  }

  /** Ends the process and answers the error to throw: the first one given, for the others are its consequences. */
  fail({ code, message }: Trouble): ExchangeError {
    if (this.#failure) return this.#failure;
    const lines = this.#child.lastErrorLines();
    let text = lines === "" ? message : `${message} Its last lines on standard error:\n${lines}`;
    for (const secret of this.#secrets) text = text.replaceAll(secret, "***");
    this.#failure = new ExchangeError(code, text);
    this.#child.terminate();
    return this.#failure;
  }

  /**
   * Ends the process: at once where it is `running` something, or nothing was asked of it yet, else by itself where it can.
   * Resolves when it is gone and so are its files. May be called again.
   */
  async close(running: string | undefined): Promise<void> {
    if (running !== undefined)
      this.fail({ code: "POWERSHELL_EXITED", message: `The session was closed while ${running}.` });
    this.#failure ??= new ExchangeError("POWERSHELL_EXITED", "The session was closed.");
    // It would read that its input has ended no sooner than it is ready, and has nothing to put away before.
    if (this.#ready === undefined) this.#child.terminate();
    await this.#child.stop(exitGraceMs);
    await this.#isCleared;
  }

  async #nextFrame(when: string): Promise<AnswerFrame> {
    let broken: unknown;
    try {
      const { value } = await this.#frames.next();
      if (value !== undefined && this.#failure === undefined) return value;
    } catch (error) {
      broken = error;
    }
    if (this.#failure) throw this.#failure;
    if (broken instanceof FrameError) throw this.fail(garbled(broken.message, when));
    // Standard output has ended, by itself or with an error of its own: how the process ended says more.
    const end = await this.#child.stop(exitGraceMs);
    const isReady = this.#ready !== undefined;
    throw this.fail(endTrouble(end, { powershellPath: this.#powershellPath, isReady, when }));
  }
}
