import { PassThrough } from "node:stream";
import { vi } from "vitest";
import type { Credential } from "#exchange/credential/credential";
import type { ErrorRecord, RequestFrame, Row } from "#powershell/frames";
import type { ChildProcess, ProcessEnd, StartProcess } from "#powershell/process";

type Failure = { stage: "certificate" | "module" | "connect" | "invoke"; errors: ErrorRecord[] };

/** What happens before an answer: what it waits for, and what is done then. */
type Before = { until?: Promise<unknown>; onCall?: () => void };

/** What the process does when it is called: it answers, dies, says nothing until it is stopped, or does not stop either. */
export type CallStep =
  | "exit"
  | "hang"
  | "freeze"
  | (Before & { rows?: Row[][]; warnings?: string[]; memoryBytes?: number; failed?: Failure });

export type ConnectStep =
  | "exit"
  | "hang"
  | "freeze"
  | (Before & { connected: object })
  | (Before & { failed: Failure });

/** An answer that comes so late that the module may have repeated the call before, as far as the gateway's clock tells. */
export const late: Before = {
  onCall: () => {
    const lateMs = performance.now() + 1_600;
    vi.spyOn(performance, "now").mockReturnValue(lateMs);
  },
};

/** What is told without a connection: these facts, or nothing. */
type InspectStep = "exit" | { facts: object } | { failed: Failure };

const nextTurn = () => new Promise<void>((resolve) => setImmediate(resolve));

/** Lets everything that happens in memory happen: so many turns of the event loop, and no time. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 50; turn += 1) await nextTurn();
}

/** One start of the process. The last of `calls` counts for all further ones. */
export type Scenario = {
  start?: "exit";
  connect?: ConnectStep;
  calls?: CallStep[];
  certificate?: InspectStep;
  module?: InspectStep;
  clock?: InspectStep;
};

type Step = CallStep | ConnectStep | InspectStep;
type Request = { pid: number; op: string; parameters: Record<string, unknown>; [name: string]: unknown };
type ScriptedProcess = ChildProcess & { exit(end: ProcessEnd): void };

/** Every cmdlet with every parameter the gateway sends. */
export const allCommands = {
  "Get-EXORecipient": ["Identity", "Filter", "RecipientTypeDetails", "ResultSize", "Properties"],
  "Get-User": ["Identity", "Filter", "RecipientTypeDetails", "ResultSize", "Sortby"],
  "Get-DistributionGroup": ["Identity", "Filter", "RecipientTypeDetails", "ResultSize"],
  "Get-DistributionGroupMember": ["Identity", "ResultSize"],
  "Add-DistributionGroupMember": ["Identity", "Member", "BypassSecurityGroupManagerCheck", "Confirm", "WhatIf"],
  "New-DistributionGroup": [
    ...["Name", "Alias", "DisplayName", "PrimarySmtpAddress", "ManagedBy", "Members", "Type", "Confirm", "WhatIf"],
    ...["MemberJoinRestriction", "MemberDepartRestriction", "Description", "Notes"],
    "RequireSenderAuthenticationEnabled",
  ],
};

export function connected(
  commands: Record<string, readonly string[]> = allCommands,
  connectMs = 600,
): Extract<ConnectStep, { connected: object }> {
  return {
    connected: {
      module: { version: "3.9.0", path: "/opt/modules/ExchangeOnlineManagement" },
      commands,
      certificate: { notBefore: "2024-01-01T00:00:00Z", notAfter: "2034-01-01T00:00:00Z" },
      importMs: 200,
      connectMs,
    },
  };
}

const dayMs = 24 * 60 * 60 * 1000;

/** A certificate for another year, a module that fits, and a clock that is right. */
function inspections() {
  const at = (days: number) => new Date(Date.now() + days * dayMs).toISOString();
  const key = { hasPrivateKey: true, keyAlgorithm: "RSA", keyBits: 2048 };
  return {
    certificate: {
      facts: { subject: "CN=gateway", thumbprint: "A1B2", notBefore: at(-1), notAfter: at(365.5), ...key },
    },
    module: { facts: { version: "3.9.0", path: "/opt/modules/ExchangeOnlineManagement", importMs: 200 } },
    clock: { facts: { localTime: at(0), serverTime: at(0) } },
  };
}

export const credential: Credential = {
  appId: "11111111-2222-3333-4444-555555555555",
  tenantDomain: "contoso.onmicrosoft.com",
  certificate: "MAUCAQMAAA==",
  certificatePassword: "p4ss",
  certificateExpiresOn: new Date("2034-01-01T00:00:00Z"),
};

/** Beyond what any process of a machine is called by. */
const firstPid = 2 ** 30;

/**
 * Processes in memory in PowerShell's place, which speak the frames of the worker as the scenarios say: one for each time
 * that PowerShell is started, the last for all further ones.
 */
export function scriptExchange(...scenarios: Scenario[]) {
  const usual = { connect: connected(), calls: [{ rows: [] }], ...inspections() };
  const processes: ScriptedProcess[] = [];
  const requests: Request[] = [];
  const startProcess: StartProcess = () => {
    const scenario = { ...usual, ...scenarios[Math.min(processes.length, scenarios.length - 1)] };
    const started = createScriptedProcess(firstPid + processes.length, scenario, (request) => requests.push(request));
    processes.push(started);
    return started;
  };
  return {
    startProcess,
    powershellPath: "scripted",
    modulePath: null,
    starts: () => processes.map(({ pid = 0 }) => ({ pid })),
    running: () => processes.flatMap(({ pid = 0, hasEnded }) => (hasEnded ? [] : [pid])),
    requests: () => requests,
    invokes: () => requests.filter(({ op }) => op === "invoke"),
    kill: (pid: number) => processes[pid - firstPid]?.exit({ exitCode: null, signal: "SIGKILL" }),
  };
}

function createScriptedProcess(
  pid: number,
  scenario: Required<Omit<Scenario, "start">> & Pick<Scenario, "start">,
  note: (request: Request) => void,
): ScriptedProcess {
  const stdout = new PassThrough();
  const { promise: ended, resolve } = Promise.withResolvers<ProcessEnd>();
  const stopped = new Map<number, PromiseWithResolvers<void>>();
  let hasEnded = false;
  let calls = 0;

  const exit = (end: ProcessEnd) => {
    if (hasEnded) return;
    hasEnded = true;
    stdout.end();
    resolve(end);
  };
  const end = (signal: NodeJS.Signals | null) => {
    stdout.destroy();
    exit({ exitCode: signal ? null : 0, signal });
  };
  const write = (frame: object) => {
    if (!hasEnded) stdout.write(`${JSON.stringify(frame)}\n`);
  };
  const nextStep = (op: RequestFrame["op"]): Step => {
    if (op === "invoke") return scenario.calls[Math.min(calls++, scenario.calls.length - 1)] ?? {};
    return op === "stop" ? "freeze" : scenario[op];
  };

  async function answer({ id, op }: RequestFrame, step: Step): Promise<void> {
    await nextTurn();
    if (step === "exit") return exit({ exitCode: 4, signal: null });
    if (step === "freeze") return;
    const memoryBytes = 1_000_000;
    if (step === "hang") {
      await untilStopped(id);
      return write({ type: "stopped", id, stage: op, rows: 0, errors: [], warnings: [], memoryBytes });
    }
    if ("facts" in step) return write({ type: op, id, ...step.facts });
    if ("until" in step) await step.until;
    if ("onCall" in step) step.onCall?.();
    if ("connected" in step) return write({ type: "connected", id, ...step.connected });
    const { rows = [], warnings = [], failed, ...usage }: Extract<CallStep, object> = { memoryBytes, ...step };
    for (const batch of rows) write({ type: "rows", id, rows: batch });
    const outcome = { id, rows: rows.flat().length, warnings, memoryBytes: usage.memoryBytes };
    write(
      failed
        ? { type: "failed", ...outcome, stage: failed.stage, errors: failed.errors }
        : { type: "done", ...outcome },
    );
  }

  function untilStopped(id: number): Promise<void> {
    const stop = stopped.get(id) ?? Promise.withResolvers<void>();
    stopped.set(id, stop);
    return stop.promise;
  }

  if (scenario.start === "exit") void nextTurn().then(() => exit({ exitCode: 3, signal: null }));
  else write({ type: "ready", powershell: "7.6.5", pid });
  return {
    pid,
    stdout,
    get hasEnded() {
      return hasEnded;
    },
    ended,
    exit,
    lastErrorLines: () => "",
    write: (line) => {
      if (hasEnded) return;
      const request = JSON.parse(line) as RequestFrame;
      if (request.op === "stop") return stopped.get(request.id)?.resolve();
      note({ pid, parameters: {}, ...request });
      void answer(request, nextStep(request.op));
    },
    terminate: () => end("SIGTERM"),
    stop: async () => {
      end(null);
      return ended;
    },
  };
}
