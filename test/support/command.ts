import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import process from "node:process";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";
import { vi } from "vitest";
import { runCli as runWords } from "#local/commands/run-cli";
import type { EnvironmentAddress } from "#local/environment/environment";
import { root } from "#test/support/repository";

const cli = join(root, "local", "cli.ts");
/** What keeps functions from logging while they are tested. */
const silencing = ["POWERTOOLS_LOG_LEVEL", "POWERTOOLS_METRICS_DISABLED"];

/** A command of the local command line, run in this process, with what it printed and how it would have ended. */
export async function runCli(...words: string[]) {
  const [stdout, stderr]: [string[], string[]] = [[], []];
  const spies = [
    vi.spyOn(console, "log").mockImplementation((text) => void stdout.push(`${text}\n`)),
    vi.spyOn(console, "error").mockImplementation((text) => void stderr.push(`${text}\n`)),
    vi.spyOn(process.stderr, "write").mockImplementation((text) => stderr.push(String(text)) > 0),
  ];
  const before = { ...process.env };
  for (const name of silencing) delete process.env[name];
  try {
    const exitCode = await runWords(words);
    return { exitCode, stdout: stdout.join(""), stderr: stderr.join("") };
  } finally {
    Object.assign(process.env, before);
    for (const spy of spies) spy.mockRestore();
    process.exitCode = undefined;
  }
}

/** The same in a process of its own, as a person runs it. */
export async function runCommand(...words: string[]) {
  const child = startCommand(...words);
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr), once(child, "close")]);
  return { exitCode: child.exitCode, stdout, stderr };
}

export function startCommand(...words: string[]) {
  return spawn(process.execPath, [cli, ...words], { stdio: ["ignore", "pipe", "pipe"], env: commandEnvironment() });
}

/** Starts `npm run local` and reads its first line. */
export async function startLocal(...words: string[]) {
  const child = startCommand("local", ...words);
  const [line] = (await once(createInterface({ input: child.stdout }), "line")) as [string];
  const address = JSON.parse(line) as Required<EnvironmentAddress>;
  return { child, address, stop: (signal: NodeJS.Signals = "SIGTERM") => stop(child, signal) };
}

async function stop(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  child.kill(signal);
  if (child.exitCode === null && child.signalCode === null) await once(child, "close");
  return child.exitCode;
}

/** The functions' own log level, and the PowerShell that the tests were prepared with. */
function commandEnvironment(): NodeJS.ProcessEnv {
  const environment = { ...process.env };
  for (const name of silencing) delete environment[name];
  return environment;
}
