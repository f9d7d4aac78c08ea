import { join } from "node:path";
import process from "node:process";
import { type AnswerFrame, FrameError, readFrames } from "#powershell/frames";
import { type ChildProcess, type ProcessEnd, type StartProcess, startProcess } from "#powershell/process";
import { openSessionFolders, type SessionFolders } from "#powershell/session-folders";
import { type ErrorCode, ExchangeError } from "#runtime/errors";

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

const passedOn = [
  "PATH",
  "LANG",
  "LC_ALL",
  "HTTPS_PROXY",
  "https_proxy",
  "NO_PROXY",
  "no_proxy",
  "SSL_CERT_FILE",
  "SSL_CERT_DIR",
  "PSModulePath",
  "PSModuleAnalysisCachePath",
  "PSDisableModuleAnalysisCacheCleanup",
  "DOTNET_ROOT",
] as const;

/**
 * Everything that PowerShell is told by its environment. Nothing else of ours reaches it, least of all credentials:
 * every program of the same user can read them there.
 */
export function childEnvironment(own: NodeJS.ProcessEnv, folders: SessionFolders): Record<string, string> {
  const kept = passedOn.flatMap((name) => (own[name] === undefined ? [] : [[name, own[name]]]));
  return {
    ...Object.fromEntries(kept),
    HOME: folders.home,
    TMPDIR: folders.temporary,
    TZ: "UTC",
    // Close gaps among large objects, which every page of Exchange leaves. https://learn.microsoft.com/dotnet/core/runtime-config/garbage-collector
    DOTNET_GCConserveMemory: "9",
    DOTNET_gcConcurrent: "0",
    // One heap below .NET's own instead of one a thread: what one leaves free the others can use.
    MALLOC_ARENA_MAX: "1",
    NO_COLOR: "1",
    TERM: "dumb",
    POWERSHELL_TELEMETRY_OPTOUT: "1",
    POWERSHELL_UPDATECHECK: "Off",
    POWERSHELL_DIAGNOSTICS_OPTOUT: "1",
  };
}

export type Trouble = { code: ErrorCode; message: string };

/** What was found wrong on standard output. Both parts are ends of sentences. */
export function garbled(what: string, when: string): Trouble {
  return { code: "POWERSHELL_GARBLED", message: `PowerShell wrote ${what} on its standard output ${when}.` };
}

/** The refusal of a call before anything of it was sent, because of what happened to the session earlier. */
export function endedBefore(failure: ExchangeError): ExchangeError {
  const isStarted = failure.code !== "POWERSHELL_NOT_FOUND" && failure.code !== "POWERSHELL_START_FAILED";
  const code = isStarted ? "POWERSHELL_EXITED" : failure.code;
  return new ExchangeError(code, `The session had ended before this call: ${failure.message}`, { cause: failure });
}

type Circumstances = {
  powershellPath: string;
  /** The worker had said that it is ready. */
  isReady: boolean;
  /** "while running Get-User" */
  when: string;
};

/** Errors of starting a program that mean: there is none at that path. */
const missing: ReadonlySet<string> = new Set(["ENOENT", "ENOTDIR", "EACCES", "ENOEXEC", "ERR_INVALID_ARG_VALUE"]);

/** What to say of a PowerShell that is not there any more, or never was. */
function endTrouble(end: ProcessEnd, { powershellPath, isReady, when }: Circumstances): Trouble {
  if ("startError" in end) return startTrouble(end.startError, powershellPath);
  const how = end.signal === null ? `ended with exit code ${end.exitCode}` : `was ended by ${end.signal}`;
  const hint = end.signal === "SIGKILL" ? " Where nobody did so on purpose, memory had run out." : "";
  return isReady
    ? { code: "POWERSHELL_EXITED", message: `PowerShell ${how} ${when}.${hint}` }
    : { code: "POWERSHELL_START_FAILED", message: `PowerShell (${powershellPath}) ${how} before it was ready.${hint}` };
}

function startTrouble(startError: string, powershellPath: string): Trouble {
  if (!missing.has(startError)) {
    return { code: "POWERSHELL_START_FAILED", message: `${powershellPath} cannot be started: ${startError}.` };
  }
  return {
    code: "POWERSHELL_NOT_FOUND",
    message:
      `There is no PowerShell at "${powershellPath}", or it may not be run (${startError}). ` +
      "Install PowerShell 7.4 or later, or set POWERSHELL_PATH to the path of its program pwsh.",
  };
}
