import process from "node:process";
import type { Readable } from "node:stream";
import { finished } from "node:stream/promises";
import { StringDecoder } from "node:string_decoder";
import { stripVTControlCharacters } from "node:util";
import { execa } from "execa";
import { visibleText } from "#runtime/text";

/** From SIGTERM to SIGKILL. */
const killGraceMs = 1_000;

/** How long the last words on standard error may take to arrive after the process is gone. */
const stderrDrainTimeoutMs = 200;

/** How a process ended: it was never there (`startError`, an errno name where there is one), or its exit. */
export type ProcessEnd = { startError: string } | { exitCode: number | null; signal: NodeJS.Signals | null };

export type ChildProcess = {
  readonly pid: number | undefined;
  /** Read no faster than it is pulled: a child that writes more waits. */
  readonly stdout: Readable;
  readonly hasEnded: boolean;
  /** Never rejects. Its standard error has been read by then. */
  readonly ended: Promise<ProcessEnd>;
  lastErrorLines(): string;
  /** Text for a child that is gone vanishes without an error: `ended` tells. */
  write(text: string): void;
  /** Ends it for certain: SIGTERM, and SIGKILL after a second. Nothing more is read from it. */
  terminate(): void;
  /** Closes its standard input, so that it ends by itself; `terminate` after the grace. Resolves when it is gone. */
  stop(graceMs: number): Promise<ProcessEnd>;
};

export type StartProcess = typeof startProcess;

/** Starts a program at once, with this environment and nothing else in it. Never throws: `ended` tells what went wrong. */
export function startProcess(file: string, args: readonly string[], environment: Record<string, string>): ChildProcess {
  const child = execa(file, args, {
    env: environment,
    extendEnv: false,
    stdio: "pipe",
    buffer: false,
    reject: false,
    forceKillAfterDelay: killGraceMs,
    // A group of its own: what a wrapper script or the shim of a .NET tool started ends with it, and Ctrl+C at a terminal
    // reaches Node alone.
    killDescendants: true,
  });
  const { stdin, stdout, stderr } = child;
  // Somebody listens to it, so that nothing is read and dropped, as Node does with what nobody listens to.
  stdout.on("readable", () => {});
  // A broken pipe is no news: `ended` tells what became of the child.
  for (const stream of [stdin, stdout, stderr]) stream.on("error", () => {});
  const lastErrorLines = rememberLastLines(stderr);

  let hasEnded = false;
  let isTerminated = false;
  const exited = new Promise<ProcessEnd>((resolve) => {
    child.nodeChildProcess.once("exit", (exitCode, signal) => resolve({ exitCode, signal }));
    child.then(({ exitCode, signal, code = "unknown" }) => {
      if (exitCode === undefined && signal === undefined) resolve({ startError: code });
    });
  });
  const ended = exited.then(async (end) => {
    hasEnded = true;
    // What a wrapper script left running would hold the pipes open.
    child.kill("SIGKILL");
    await finished(stderr, { signal: AbortSignal.timeout(stderrDrainTimeoutMs) }).catch(() => {});
    return end;
  });

  const terminate = () => {
    stdin.destroy();
    stdout.destroy();
    if (!isTerminated && !hasEnded) child.kill();
    isTerminated = true;
  };

  return {
    pid: child.pid,
    stdout,
    get hasEnded() {
      return hasEnded;
    },
    ended,
    lastErrorLines,
    write: (text) => void stdin.write(text),
    terminate,
    stop: async (graceMs) => {
      stdin.end();
      stdout.destroy();
      const timer = setTimeout(terminate, graceMs);
      const end = await ended;
      clearTimeout(timer);
      return end;
    },
  };
}

const maxCharacters = 4_000;
const maxLines = 20;

/** Reads a stream to its end and remembers its last lines. The function answers them without colours; empty when there are none. */
export function rememberLastLines(stream: Readable): () => string {
  const decoder = new StringDecoder("utf8");
  let tail = "";
  stream.on("data", (chunk: Buffer) => {
    tail = (tail + decoder.write(chunk)).slice(-maxCharacters);
  });
  return () => {
    const lines = visibleText(stripVTControlCharacters(tail)).split("\n");
    const written = lines.map((line) => line.trimEnd()).filter((line) => line !== "");
    return written.slice(-maxLines).join("\n");
  };
}

/** Whether a process of that id runs, ours to signal or not. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}
