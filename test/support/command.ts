import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import process from "node:process";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";
import type { EnvironmentAddress } from "#local/environment/environment";
import { root } from "#test/support/repository";

const cli = join(root, "local", "cli.ts");

/** A command of the local command line as a person runs it, with what it printed and how it ended. */
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
  const { POWERTOOLS_LOG_LEVEL: _level, POWERTOOLS_METRICS_DISABLED: _disabled, ...environment } = process.env;
  return environment;
}
