import type { Calls } from "#powershell/calls";
import { CmdletError } from "#powershell/cmdlet-error";
import type { ParameterValue, Row } from "#powershell/frames";
import { garbled } from "#powershell/session-errors";
import type { Answer, Worker } from "#powershell/worker";
import type { Deadline } from "#runtime/deadline";

export type InvokeRequest = {
  cmdlet: string;
  /** Sent as data with their types, never as script text. */
  parameters: Readonly<Record<string, ParameterValue>>;
  /** The properties a row is made of. */
  select: readonly string[];
  deadline: Deadline;
  /** Called with each warning after the last row. Those of a call that failed are in its CmdletError. */
  onWarning?: (text: string) => void;
  /** Called when PowerShell may have got the call. A failure before that has done nothing. */
  onSent?: () => void;
};

/** What a session has cost so far. */
export type Usage = { callCount: number; memoryBytes: number };

/**
 * Streams the rows of one cmdlet, counting them: fewer or more than PowerShell says it wrote are POWERSHELL_GARBLED.
 * Notes in `usage` what the call cost.
 */
export async function* invoke(
  worker: Worker,
  calls: Calls,
  usage: Usage,
  { cmdlet, parameters, select, deadline, onWarning, onSent }: InvokeRequest,
): AsyncGenerator<Row, void> {
  let rows = 0;
  let last: Answer | undefined;
  for await (const frame of calls.run({ op: "invoke", cmdlet, parameters, select }, deadline, onSent)) {
    last = frame;
    if (frame.type !== "rows") break;
    for (const row of frame.rows) {
      rows += 1;
      yield row;
      // The deadline may have ended the process while the reader was busy.
      if (worker.failure) throw worker.failure;
    }
  }

  const when = `while running ${cmdlet}`;
  if (last?.type !== "done" && last?.type !== "failed" && last?.type !== "stopped") {
    throw worker.fail(garbled(`"${last?.type}" as the end`, when));
  }
  usage.callCount += 1;
  usage.memoryBytes = last.memoryBytes;
  if (last.type !== "done") throw new CmdletError(last);
  if (last.rows !== rows) throw worker.fail(garbled(`${rows} rows, of which it counts ${last.rows},`, when));
  for (const warning of last.warnings) onWarning?.(warning);
}
