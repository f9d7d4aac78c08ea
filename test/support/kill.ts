import { spawn } from "node:child_process";
import { once } from "node:events";
import process from "node:process";
import { setTimeout as delay } from "node:timers/promises";
import { onlyChild } from "#test/support/only-child";

/** Runs a Node program with one argument to its end, or until it is killed. */
export async function runProgram(program: string, argument: object, killAfterMs?: number): Promise<void> {
  const child = spawn(process.execPath, [program, JSON.stringify(argument)], { env: process.env, stdio: "ignore" });
  const ended = once(child, "close");
  if (killAfterMs !== undefined) {
    await Promise.race([delay(killAfterMs), ended]);
    child.kill("SIGKILL");
  }
  await ended;
}

/** Kills the PowerShell of this process, if it has one. */
export function killPowerShell(): void {
  try {
    process.kill(onlyChild(), "SIGKILL");
  } catch {
    // it has ended meanwhile
  }
}

/** How many milliseconds that takes. */
export async function timeOf(run: () => Promise<void>): Promise<number> {
  const startedAt = Date.now();
  await run();
  return Date.now() - startedAt;
}
