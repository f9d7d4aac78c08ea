/**
 * Memory of Node and of PowerShell while a tenant's users are ingested, for 10,000 and for 100,000 of them.
 * Linux only: PowerShell's peak is read from /proc. `npm run measure -- memory 10000 200000 --source users`.
 */

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { createInterface } from "node:readline";
import { parseArgs } from "node:util";
import type { EnvironmentAddress } from "#local/environment/environment";
import { functionEnvironment } from "#local/functions/start-function";
import { resolvePowerShell } from "#local/powershell/resolve";
import { awaitReport } from "#test/measure/await-report";

type Watched = { rows: number; durationMs: number; heapPeakMiB: number; heapKeptMiB: number };

const root = join(import.meta.dirname, "..", "..");
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { source: { type: "string", default: "recipients" } },
});
const [small = 10_000, large = 100_000] = positionals.map(Number);
const source = values.source === "users" ? "users" : "recipients";

const powershell = await resolvePowerShell();
console.log(`${powershell.describe}, source ${source}`);
const figures = [await measure(small), await measure(large)];
console.table(figures);
const [before, after] = figures;
if (before && after) {
  const bytes = ((after.nodeKeptMiB - before.nodeKeptMiB) * 2 ** 20) / (after.users - before.users);
  console.log(`Node: ${bytes.toFixed(1)} bytes a record more are kept`);
  console.log(`PowerShell: ${(after.powershellPeakMiB - before.powershellPeakMiB).toFixed(1)} MiB more at its peak`);
}

async function measure(users: number) {
  const { local, address } = await startLocal(users);
  const watcher = spawn(process.execPath, ["--expose-gc", join(import.meta.dirname, "ingest-watched.ts")], {
    env: functionEnvironment(address, powershell, { source }),
    stdio: ["ignore", "pipe", "inherit", "ipc"],
  });
  let powershellPeakMiB = 0;
  const sampling = setInterval(() => {
    powershellPeakMiB = Math.max(powershellPeakMiB, ...childrenOf(watcher.pid).map(peakMiB));
  }, 100);
  const message = await awaitReport<Watched>(watcher);
  clearInterval(sampling);
  await stopLocal(local);

  if (message.rows !== users) throw new Error(`${message.rows} rows instead of ${users}`);
  return {
    users,
    seconds: message.durationMs / 1000,
    rowsPerSecond: Math.round((users / message.durationMs) * 1000),
    nodeKeptMiB: message.heapKeptMiB,
    nodePeakMiB: message.heapPeakMiB,
    powershellPeakMiB,
  };
}

async function startLocal(users: number) {
  const local = spawn(process.execPath, [join(root, "local/cli.ts"), "local", "--users", String(users)], {
    stdio: ["ignore", "pipe", "ignore"],
  });
  const [line] = (await once(createInterface({ input: local.stdout }), "line")) as [string];
  return { local, address: JSON.parse(line) as EnvironmentAddress };
}

async function stopLocal(local: ChildProcess) {
  local.kill("SIGTERM");
  await once(local, "close");
}

function childrenOf(pid: number | undefined): string[] {
  return readText(`/proc/${pid}/task/${pid}/children`).split(" ").filter(Boolean);
}

function peakMiB(pid: string): number {
  return Number(/^VmHWM:\s+(\d+) kB/m.exec(readText(`/proc/${pid}/status`))?.[1] ?? 0) / 1024;
}

/** A process that has ended meanwhile has no file any more. */
function readText(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
