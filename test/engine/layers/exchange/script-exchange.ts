import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Credential } from "#exchange/credential";
import type { ErrorRecord, Row } from "#powershell/frames";

const program = join(import.meta.dirname, "programs/scripted-exchange.mjs");

type Failure = { stage: "certificate" | "module" | "connect" | "invoke"; errors: ErrorRecord[] };

/** What the program does when it is called: it answers, dies, or says nothing. */
export type CallStep =
  | "exit"
  | "hang"
  | { rows?: Row[][]; warnings?: string[]; memoryBytes?: number; delayMs?: number; failed?: Failure };

export type ConnectStep =
  | "exit"
  | "hang"
  | { delayMs?: number; connected: object }
  | { delayMs?: number; failed: Failure };

/** What is told without a connection: these facts, or nothing. */
export type InspectStep = "exit" | { facts: object } | { failed: Failure };

/** One start of the program. The last of `calls` counts for all further ones. */
export type Scenario = {
  start?: "exit";
  connect?: ConnectStep;
  calls?: CallStep[];
  certificate?: InspectStep;
  module?: InspectStep;
  clock?: InspectStep;
};

type Request = { pid: number; op: string; parameters: Record<string, unknown>; [name: string]: unknown };

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

export function connected(commands: Record<string, readonly string[]> = allCommands, connectMs = 600): ConnectStep {
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

/** A program in PowerShell's place that does as the scenarios say, one for each time it is started. */
export function scriptExchange(...scenarios: Scenario[]) {
  const folder = mkdtempSync(join(tmpdir(), "scripted-exchange-"));
  const powershellPath = join(folder, "pwsh");
  const usual = { connect: connected(), calls: [{ rows: [] }], ...inspections() };
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
