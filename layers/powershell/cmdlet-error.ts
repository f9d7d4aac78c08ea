import type { AnswerFrame, ErrorRecord } from "#powershell/frames";

type FailedFrame = Extract<AnswerFrame, { type: "failed" | "stopped" }>;

/**
 * A call that PowerShell answered with errors, or that was stopped because its time was over. The session goes on. Every
 * error of the call is here as data, with the warnings and the number of rows that came before; what the errors mean is for
 * the layer above to say. Those of a stopped call are what went wrong last, the newest first; there may be none.
 */
export class CmdletError extends Error {
  readonly isStopped: boolean;
  readonly stage: FailedFrame["stage"];
  readonly errors: ErrorRecord[];
  readonly warnings: string[];
  readonly rows: number;

  constructor({ type, stage, errors, warnings, rows }: Omit<FailedFrame, "id" | "memoryBytes">) {
    super(errors[0]?.exceptions[0]?.message ?? "PowerShell reported no error with a text");
    this.name = "CmdletError";
    this.isStopped = type === "stopped";
    this.stage = stage;
    this.errors = errors;
    this.warnings = warnings;
    this.rows = rows;
  }
}
