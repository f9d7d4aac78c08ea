import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ErrorRecord, Row } from "#powershell/frames";
import { connected, credential } from "#test/support/script-exchange";

export { credential };

const program = join(import.meta.dirname, "programs/scripted-exchange.mjs");

type Failure = { stage: "certificate" | "module" | "connect" | "invoke"; errors: ErrorRecord[] };

/** What the program does when it is called: it answers, dies, or says nothing. */
export type CallStep =
  | "exit"
  | "hang"
  | { rows?: Row[][]; warnings?: string[]; memoryBytes?: number; delayMs?: number; failed?: Failure };

type ConnectStep = "exit" | "hang" | { delayMs?: number; connected: object } | { delayMs?: number; failed: Failure };

/** One start of the program. The last of `calls` counts for all further ones. */
export type Scenario = {
  start?: "exit";
  connect?: ConnectStep;
  calls?: CallStep[];
};

type Request = { pid: number; op: string; parameters: Record<string, unknown>; [name: string]: unknown };

/** A program in PowerShell's place that does as the scenarios say, one for each time it is started. */
export function scriptExchange(...scenarios: Scenario[]) {
  const folder = mkdtempSync(join(tmpdir(), "scripted-exchange-"));
  const powershellPath = join(folder, "pwsh");
  const usual = { connect: connected(), calls: [{ rows: [] }] };
  const complete = scenarios.map((scenario) => ({ ...usual, ...scenario }));
  writeFileSync(join(folder, "scenarios.ndjson"), complete.map((scenario) => `${JSON.stringify(scenario)}\n`).join(""));
  symlinkSync(program, powershellPath);

  const read = <Entry>(name: string): Entry[] => {
    const path = join(folder, name);
    if (!existsSync(path)) return [];
    return readFileSync(path, "utf8")
      .split("\n")
      .filter(Boolean)
      .map((line) => JSON.parse(line));
  };
  return {
    powershellPath,
    modulePath: null,
    starts: () => read<{ pid: number }>("starts.ndjson"),
    requests: () => read<Request>("requests.ndjson"),
    invokes: () => read<Request>("requests.ndjson").filter(({ op }) => op === "invoke"),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
