import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { expect, onTestFinished } from "vitest";
import {
  type ConnectRequest,
  type InvokeRequest,
  type PowerShellSession,
  type SessionOptions,
  startSession,
} from "#powershell/session";
import { deadlineIn } from "#runtime/deadline";
import { ExchangeError } from "#runtime/errors";
import { eventually } from "#test/support/eventually";

/** The path of a program in programs/ that stands in for pwsh. */
export function programPath(name: string): string {
  return join(import.meta.dirname, "programs", name);
}

/** A session over a program that follows a script. Ended with the test. */
export function openSession(program = "worker.js", options: Partial<SessionOptions> = {}): PowerShellSession {
  const session = startSession({ powershellPath: programPath(program), modulePath: null, ...options });
  onTestFinished(() => session.close());
  return session;
}

export function connectRequest(changes: Partial<ConnectRequest> = {}): ConnectRequest {
  return {
    appId: "11111111-2222-3333-4444-555555555555",
    organization: "contoso.onmicrosoft.com",
    certificate: "TUlJSw==",
    certificatePassword: "pa$$w0rd-of-the-test",
    environmentName: "O365Default",
    commandNames: ["Get-User"],
    cmdlets: ["Get-User", "Get-EXORecipient"],
    deadline: deadlineIn(60_000),
    ...changes,
  };
}

export function call(cmdlet: string, parameters: InvokeRequest["parameters"] = {}, limitMs = 60_000): InvokeRequest {
  return { cmdlet, parameters, select: ["Index"], deadline: deadlineIn(limitMs) };
}

/** All rows of a call. */
export async function read(session: PowerShellSession, request: InvokeRequest) {
  return Array.fromAsync(session.invoke(request));
}

/** The ExchangeError that a promise ends with. */
export async function errorOf(promise: Promise<unknown>): Promise<ExchangeError> {
  const error: unknown = await promise.then(
    (value) => new Error(`there was no error but ${JSON.stringify(value)}`),
    (error) => error,
  );
  if (error instanceof ExchangeError) return error;
  throw error;
}

/** Whether a process runs. One that has ended and whose parent has not noticed does not. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return existsSync("/proc") ? !/^State:\tZ/m.test(readFileSync(`/proc/${pid}/status`, "utf8")) : true;
  } catch {
    return false;
  }
}

/** Waits until the process is gone. */
export async function expectGone(pid: number | undefined): Promise<void> {
  expect(pid).toBeTypeOf("number");
  await eventually(() => !isAlive(Number(pid)));
}
