import { readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { type EnvironmentAddress, environmentsFolder, isAlive } from "#local/environment/environment";

/** The one file that names the environment that runs, and its process. */
const file = join(environmentsFolder, "running.json");

type RunningEnvironment = EnvironmentAddress & { pid: number };

/** Names this process's environment as the one that functions are invoked against, to its user alone. */
export function announceEnvironment(address: EnvironmentAddress): void {
  // A mode is given to a new file only, and nobody is to read half of one.
  const unfinished = `${file}.${process.pid}`;
  rmSync(unfinished, { force: true });
  writeFileSync(unfinished, `${JSON.stringify({ pid: process.pid, ...address }, null, 2)}\n`, { mode: 0o600 });
  renameSync(unfinished, file);
}

/** Takes the announcement back, unless another environment has been announced since. */
export function withdrawEnvironment(): void {
  if (readAnnouncement()?.pid === process.pid) rmSync(file, { force: true });
}

/** The environment that runs, or undefined where none does. */
export function findRunningEnvironment(): EnvironmentAddress | undefined {
  const announced = readAnnouncement();
  if (announced === undefined || !isAlive(announced.pid)) return undefined;
  const { pid: _, ...address } = announced;
  return address;
}

function readAnnouncement(): RunningEnvironment | undefined {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    return undefined;
  }
}
