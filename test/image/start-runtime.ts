import { type ChildProcessByStdio, spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { confine } from "#test/image/confine";
import { lambdaEnvironment } from "#test/image/lambda-environment";
import { type Outcome, startRuntimeApi } from "#test/image/runtime-api";

const programs = join(import.meta.dirname, "programs");

/** AWS's own runtime client where it is installed, else the short one. */
const client = process.env.TEST_RUNTIME_CLIENT ?? join(programs, "runtime-client.ts");

type Options = {
  /** Where the bundles lie. */
  folder: string;
  /** What the deployment adds to the environment. */
  environment: NodeJS.ProcessEnv;
  /** An existing folder for the runtime's own use. */
  workFolder: string;
  /** Folders that a confined function has to see even below /tmp; none where it is not confined. */
  visible?: readonly string[] | undefined;
};

export type Runtime = {
  invoke(event: unknown): Promise<Outcome>;
  /** What the function and its runtime have written so far, on either stream. */
  readonly lines: readonly string[];
  /** How many processes it has started that still run. */
  countProcesses(): number;
  /** Stops the process and those it started, runs `meanwhile`, and lets them go on when the wall clock is that much on. */
  freeze(durationMs: number, meanwhile: () => void): Promise<void>;
  stop(): Promise<void>;
};

/** Starts a function's process as Lambda does and waits for the end of its Init phase. Throws what it could not load. */
export async function startRuntime(
  name: string,
  { folder, environment, workFolder, visible }: Options,
): Promise<Runtime> {
  const clockFile = join(workFolder, "clock");
  let passedMs = 0;
  const passTime = (durationMs: number) => {
    passedMs += durationMs;
    writeFileSync(clockFile, String(passedMs));
  };
  mkdirSync(workFolder);
  passTime(0);
  chmodSync(workFolder, 0o755);

  const api = await startRuntimeApi({ now: () => Date.now() + passedMs });
  const program = [process.execPath, "--import", join(programs, "clock.ts"), client];
  const [command = "", ...args] = visible ? confinedProgram(program, workFolder, visible) : program;
  const child = spawn(command, args, {
    env: { ...lambdaEnvironment(name, { folder, api: api.address }), ...environment, TEST_CLOCK_FILE: clockFile },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const lines = collectLines(child);
  const ended = once(child, "close").then(([code, signal]) => {
    throw new Error(`The runtime ended (${signal ?? `exit code ${code}`}):\n${lines.slice(-20).join("\n")}`);
  });
  ended.catch(() => {}); // noticed by those who wait for an answer

  await Promise.race([api.ready, ended]);
  return {
    invoke: (event) => Promise.race([api.invoke(event), ended]),
    lines,
    countProcesses: () => descendantsOf(child.pid ?? 0).length,
    freeze: async (durationMs, meanwhile) => {
      const frozen = [child.pid ?? 0, ...descendantsOf(child.pid ?? 0)];
      for (const pid of frozen) process.kill(pid, "SIGSTOP");
      passTime(durationMs);
      meanwhile();
      for (const pid of frozen) process.kill(pid, "SIGCONT");
    },
    stop: async () => {
      child.kill("SIGKILL");
      await ended.catch(() => {});
      await api.stop();
    },
  };
}

function confinedProgram(program: readonly string[], workFolder: string, visible: readonly string[]): string[] {
  const { command, args } = confine(program, workFolder, [workFolder, ...visible]);
  return [command, ...args];
}

function collectLines(child: ChildProcessByStdio<null, Readable, Readable>): string[] {
  const lines: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on("line", (line) => lines.push(line));
  }
  return lines;
}

function descendantsOf(pid: number): number[] {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").split(" ").filter(Boolean).map(Number);
  return children.flatMap((child) => [child, ...descendantsOf(child)]);
}
