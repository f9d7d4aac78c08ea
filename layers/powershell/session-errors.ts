import type { ProcessEnd } from "#powershell/process";
import { type ErrorCode, ExchangeError } from "#runtime/errors";

export type Trouble = { code: ErrorCode; message: string };

/** What was found wrong on standard output. Both parts are ends of sentences. */
export function garbled(what: string, when: string): Trouble {
  return { code: "POWERSHELL_GARBLED", message: `PowerShell wrote ${what} on its standard output ${when}.` };
}

/** The refusal of a call before anything of it was sent, because of what happened to the session earlier. */
export function endedBefore(failure: ExchangeError): ExchangeError {
  const isStarted = failure.code !== "POWERSHELL_NOT_FOUND" && failure.code !== "POWERSHELL_START_FAILED";
  const code = isStarted ? "POWERSHELL_EXITED" : failure.code;
  return new ExchangeError(code, `The session had ended before this call: ${failure.message}`, { cause: failure });
}

type Circumstances = {
  powershellPath: string;
  /** The worker had said that it is ready. */
  isReady: boolean;
  /** "while running Get-User" */
  when: string;
};

/** Errors of starting a program that mean: there is none at that path. */
const missing: ReadonlySet<string> = new Set(["ENOENT", "ENOTDIR", "EACCES", "ENOEXEC", "ERR_INVALID_ARG_VALUE"]);

/** What to say of a PowerShell that is not there any more, or never was. */
export function endTrouble(end: ProcessEnd, { powershellPath, isReady, when }: Circumstances): Trouble {
  if ("startError" in end) return startTrouble(end.startError, powershellPath);
  const how = end.signal === null ? `ended with exit code ${end.exitCode}` : `was ended by ${end.signal}`;
  const hint = end.signal === "SIGKILL" ? " Where nobody did so on purpose, memory had run out." : "";
  return isReady
    ? { code: "POWERSHELL_EXITED", message: `PowerShell ${how} ${when}.${hint}` }
    : { code: "POWERSHELL_START_FAILED", message: `PowerShell (${powershellPath}) ${how} before it was ready.${hint}` };
}

function startTrouble(startError: string, powershellPath: string): Trouble {
  if (!missing.has(startError)) {
    return { code: "POWERSHELL_START_FAILED", message: `${powershellPath} cannot be started: ${startError}.` };
  }
  return {
    code: "POWERSHELL_NOT_FOUND",
    message:
      `There is no PowerShell at "${powershellPath}", or it may not be run (${startError}). ` +
      "Install PowerShell 7.4 or later, or set POWERSHELL_PATH to the path of its program pwsh.",
  };
}
