import { existsSync, lstatSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import process from "node:process";
import { isAlive } from "#powershell/process";

/** Where one session may write. */
export type SessionFolders = {
  /** The child's HOME, shared by the sessions of this process: PowerShell keeps its caches there. */
  readonly home: string;
  /** The child's TMPDIR. The module puts the served cmdlets there, as tmpEXO_*. */
  readonly temporary: string;
  /** Removes `temporary`. A folder that resists is swept with the next session. */
  remove(): Promise<void>;
};

const prefix = "exchange-online-gateway-";
const processFolder = /^exchange-online-gateway-(\d+)-[A-Za-z0-9]{6}$/;

let root: string | undefined;
/** This one and those before it, where TMPDIR has changed meanwhile: removed when the process ends. */
const roots: string[] = [];
let sessionCount = 0;
const inUse = new Set<string>();

/** Makes the folders of a new session, after removing what ended sessions and dead processes of this user left. */
export function openSessionFolders(): SessionFolders {
  const base = tmpdir();
  if (root === undefined || dirname(root) !== base || !existsSync(root)) root = createRoot(base);
  sweepProcesses(base);
  sweepSessions(root);

  sessionCount += 1;
  const home = join(root, "home");
  // A short name: .NET puts sockets in it, whose paths are limited to some 100 characters.
  const temporary = join(root, `tmp-${sessionCount}`);
  mkdirSync(home, { recursive: true, mode: 0o700 });
  mkdirSync(temporary, { mode: 0o700 });
  inUse.add(temporary);
  return { home, temporary, remove: () => removeSession(temporary) };
}

function createRoot(base: string): string {
  const folder = mkdtempSync(join(base, `${prefix}${process.pid}-`));
  if (roots.length === 0) process.once("exit", () => roots.forEach(tryRemove));
  roots.push(folder);
  return folder;
}

async function removeSession(temporary: string): Promise<void> {
  inUse.delete(temporary);
  try {
    await rm(temporary, { recursive: true, force: true, maxRetries: 2 });
  } catch {
    // The next session sweeps it.
  }
}

function sweepSessions(folder: string): void {
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    if (name.startsWith("tmp-") && !inUse.has(path)) tryRemove(path);
  }
}

function sweepProcesses(base: string): void {
  for (const name of readdirSync(base)) {
    const path = join(base, name);
    const pid = processFolder.exec(name)?.[1];
    if (pid !== undefined && path !== root && isLeftOver(path, Number(pid))) tryRemove(path);
  }
}

function isLeftOver(path: string, pid: number): boolean {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (!found?.isDirectory() || found.uid !== process.getuid?.()) return false;
  // A process restarted in the same container may get the same id: what is older than this process is not its own.
  if (pid === process.pid) return found.mtimeMs < Date.now() - process.uptime() * 1000;
  return !isAlive(pid);
}

function tryRemove(path: string): void {
  try {
    rmSync(path, { recursive: true, force: true });
  } catch {
    // Something is still writing there. The next session, or the next process, sweeps it.
  }
}
