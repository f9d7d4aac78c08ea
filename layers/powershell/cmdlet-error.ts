import type { AnswerFrame, ErrorRecord } from "#powershell/frames";

type FailedFrame = Extract<AnswerFrame, { type: "failed" }>;

/**
 * A call that PowerShell answered with errors. The session goes on. Every error of the call is here as data, with the
 * warnings and the number of rows that came before; what the errors mean is for the layer above to say.
 */
export class CmdletError extends Error {
  readonly stage: FailedFrame["stage"];
  readonly errors: ErrorRecord[];
  readonly warnings: string[];
  readonly rows: number;

  constructor({ stage, errors, warnings, rows }: Pick<FailedFrame, "stage" | "errors" | "warnings" | "rows">) {
    super(errors[0]?.exceptions[0]?.message ?? "PowerShell reported an error without a text");
    this.name = "CmdletError";
    this.stage = stage;
    this.errors = errors;
    this.warnings = warnings;
    this.rows = rows;
  }
}
