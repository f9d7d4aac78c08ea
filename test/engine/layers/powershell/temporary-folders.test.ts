import { spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import process from "node:process";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { openSessionFolders } from "#powershell/session-folders";

let base = "";

beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), "temporary-folders-"));
  vi.stubEnv("TMPDIR", base);
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(base, { recursive: true });
});

test("keeps everything in one folder that names the process and is closed to others", () => {
  const { home, temporary } = openSessionFolders();

  const root = dirname(home);
  expect(dirname(temporary)).toBe(root);
  expect(dirname(root)).toBe(base);
  expect(basename(root)).toMatch(new RegExp(`^exchange-online-gateway-${process.pid}-[A-Za-z0-9]{6}$`));
  expect([root, home, temporary].map((path) => statSync(path).mode & 0o777)).toEqual([0o700, 0o700, 0o700]);
});

test("gives sessions one home and a temporary folder each", () => {
  const one = openSessionFolders();
  const other = openSessionFolders();

  expect(one.home).toBe(other.home);
  expect(one.temporary).not.toBe(other.temporary);
});

test("removes a session's temporary folder with all that is in it", async () => {
  const { home, temporary, remove } = openSessionFolders();
  leaveCmdlets(temporary);

  await remove();

  expect(existsSync(temporary)).toBe(false);
  expect(existsSync(home)).toBe(true);
});

test("sweeps what an ended session wrote after its end, and nothing of a session that runs", async () => {
  const ended = openSessionFolders();
  const running = openSessionFolders();
  leaveCmdlets(running.temporary);
  await ended.remove();
  leaveCmdlets(ended.temporary);

  openSessionFolders();

  expect(existsSync(ended.temporary)).toBe(false);
  expect(readdirSync(running.temporary)).toEqual(["tmpEXO_abc"]);
});

test("sweeps the folders of processes that are dead", () => {
  const left = leaveFolder(deadPid());

  openSessionFolders();

  expect(existsSync(left)).toBe(false);
});

test("sweeps the folder of an earlier process with the same id", () => {
  const left = leaveFolder(process.pid);
  utimesSync(left, new Date(0), new Date(0));

  openSessionFolders();

  expect(existsSync(left)).toBe(false);
});

test("keeps its own folder when the clock has jumped, as it does in a function that was frozen", () => {
  const { home } = openSessionFolders();
  utimesSync(dirname(home), new Date(0), new Date(0));

  openSessionFolders();

  expect(existsSync(home)).toBe(true);
});

test("leaves alone what belongs to living processes, to others, or has another name", () => {
  const target = mkdtempSync(join(base, "target-"));
  const kept = [leaveFolder(process.ppid), leaveFolder(process.pid), join(base, "tmpEXO_abc"), target];
  mkdirSync(join(base, "tmpEXO_abc"));
  const link = join(base, `exchange-online-gateway-${deadPid()}-AbCdEf`);
  symlinkSync(target, link);

  openSessionFolders();

  expect([...kept, link].filter((path) => !existsSync(path))).toEqual([]);
});

test("makes new folders where the old ones were taken away", () => {
  const before = openSessionFolders();
  rmSync(dirname(before.home), { recursive: true });

  const after = openSessionFolders();

  expect(existsSync(after.home)).toBe(true);
  expect(existsSync(after.temporary)).toBe(true);
});

test("throws where the folder for temporary files is not there", () => {
  vi.stubEnv("TMPDIR", join(base, "none"));

  expect(openSessionFolders).toThrow(/ENOENT/);
});

function leaveCmdlets(folder: string): void {
  mkdirSync(join(folder, "tmpEXO_abc"), { recursive: true });
  writeFileSync(join(folder, "tmpEXO_abc", "tmpEXO_abc.psm1"), "function Get-User {}");
}

function leaveFolder(pid: number): string {
  const folder = join(base, `exchange-online-gateway-${pid}-AbCdEf`);
  leaveCmdlets(join(folder, "tmp-1"));
  return folder;
}

function deadPid(): number {
  return spawnSync(process.execPath, ["--version"]).pid;
}
