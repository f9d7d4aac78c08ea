import { spawn } from "node:child_process";
import { once } from "node:events";
import process from "node:process";
import { onlyChild } from "#test/support/only-child";

/** Runs a Node program with one argument to its end, or kills it when this moment has come. */
export async function runProgram(program: string, argument: object, moment?: Promise<unknown>): Promise<void> {
  const child = spawn(process.execPath, [program, JSON.stringify(argument)], { env: process.env, stdio: "ignore" });
  const ended = once(child, "close");
  if (moment !== undefined) {
    await Promise.race([moment, ended]);
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
