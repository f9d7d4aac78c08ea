import type { AnswerFrame, ErrorRecord, RequestFrame } from "#powershell/frames";
import { type Answer, endedBefore, garbled, type Worker } from "#powershell/worker";
import { type Deadline, remainingMs, whenPassed } from "#runtime/deadline";
import { ExchangeError } from "#runtime/errors";

type WithoutId<Frame> = Frame extends { op: "stop" } ? never : Frame extends RequestFrame ? Omit<Frame, "id"> : never;
export type Request = WithoutId<RequestFrame>;

/**
 * How long PowerShell may take to stop a call whose time is over: well below what a function keeps back of its time. What it
 * waits for in .NET, not in script, goes on until it ends by itself.
 */
const usualStopGraceMs = 2_000;

/** The calls of one worker. */
export type Calls = {
  /**
   * Sends a request and answers the frames that come back, the last one included. One call at a time: a second one is
   * refused. A call that outlives its deadline is stopped, and ends the worker where that takes longer than the grace,
   * whatever the reader of its frames does meanwhile. So does one that fails or is left before its last frame. `onSent` is
   * called when PowerShell may have got the request.
   */
  run(request: Request, deadline: Deadline, onSent?: () => void): AsyncGenerator<Answer, void>;
  /** "running Get-User" while it does. */
  readonly running: string | undefined;
};

export function createCalls(worker: Worker, stopGraceMs = usualStopGraceMs): Calls {
  let lastId = 0;
  let running: string | undefined;

  async function* run(request: Request, deadline: Deadline, onSent?: () => void): AsyncGenerator<Answer, void> {
    const id = lastId + 1;
    const doing = describe(request);
    requireIdle(worker, running);
    const line = encodeRequest({ ...request, id });
    requireTime(deadline, doing);

    lastId = id;
    running = doing;
    let isAnswered = false;
    let graceTimer: NodeJS.Timeout | undefined;
    const stop = () => {
      if (graceTimer !== undefined) return;
      if (!worker.ready) return void failTooLate(worker, doing);
      worker.send(encodeRequest({ op: "stop", id }));
      graceTimer = setTimeout(() => failTooLate(worker, doing), stopGraceMs);
    };
    let cancelTimer = () => {};
    try {
      // A process that has died meanwhile is sent nothing. What it left to read says how it ended.
      const when = worker.isUsable ? `while ${doing}` : `before ${doing}`;
      if (worker.isUsable) {
        onSent?.();
        worker.send(line);
      }
      // Not before the request is on its way: PowerShell knows nothing yet of a call to stop.
      cancelTimer = whenPassed(deadline, stop);
      while (!isAnswered) {
        // However long the reader took: a timer comes late to a process that is busy, or was frozen.
        if (remainingMs(deadline) === 0) stop();
        const frame = await worker.next(when);
        if (frame.id !== id) throw worker.fail(garbled(`an answer to call ${frame.id} in place of ${id}`, when));
        isAnswered = frame.type !== "rows";
        yield frame;
      }
    } finally {
      cancelTimer();
      clearTimeout(graceTimer);
      running = undefined;
      if (!isAnswered) worker.fail({ code: "POWERSHELL_EXITED", message: `Nobody waited for the end of ${doing}.` });
    }
  }

  return {
    run,
    get running() {
      return running;
    },
  };
}

function describe(request: Request): string {
  switch (request.op) {
    case "connect":
      return "connecting";
    case "certificate":
      return "opening the certificate";
    case "module":
      return "loading the module";
    case "clock":
      return `asking ${request.hostName} for the time`;
    case "invoke":
      return `running ${request.cmdlet}`;
  }
}

function requireIdle(worker: Worker, running: string | undefined): void {
  if (worker.failure) throw endedBefore(worker.failure);
  if (running === undefined) return;
  throw new ExchangeError("UNEXPECTED", `A session does one thing at a time, and it is ${running}.`);
}

function requireTime(deadline: Deadline, doing: string): void {
  if (remainingMs(deadline) > 0) return;
  throw new ExchangeError("DEADLINE_TOO_CLOSE", `No time was left for ${doing}. Nothing was sent.`);
}

function failTooLate(worker: Worker, doing: string): ExchangeError {
  const where = worker.ready ? "" : ", before PowerShell was ready";
  return worker.fail({
    code: "POWERSHELL_TIMEOUT",
    message: `The deadline passed while ${doing}${where}. PowerShell was ended${worker.ready ? ", for it did not stop" : ""}.`,
  });
}

/**
 * The line that carries a request to the worker. Throws `PARAMETER_INVALID` for what JSON would change on the way: half a
 * surrogate pair, a number that is none, a value that is undefined. Left out, such an `Identity` would mean everybody.
 */
export function encodeRequest(frame: RequestFrame): string {
  checkValue(frame, "");
  return `${JSON.stringify(frame)}\n`;
}

function checkValue(value: unknown, path: string): void {
  if (typeof value === "string") checkText(value, path);
  else if (isPlain(value)) checkMembers(value, path);
  else if (!isScalar(value) && !(value === null && path === "modulePath")) {
    throw new ExchangeError("PARAMETER_INVALID", `${path} is ${String(value)}, which cannot be sent to PowerShell.`);
  }
}

function checkMembers(value: object, path: string): void {
  for (const [name, member] of Object.entries(value)) {
    checkText(name, path === "" ? "a name" : `a name in ${path}`);
    checkValue(member, path === "" ? name : `${path}.${name}`);
  }
}

function isPlain(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

function isScalar(value: unknown): boolean {
  return typeof value === "boolean" || Number.isFinite(value);
}

/** The message names the place, never the text: it may be a secret. */
function checkText(text: string, place: string): void {
  if (text.isWellFormed()) return;
  throw new ExchangeError(
    "PARAMETER_INVALID",
    `${place} holds half a surrogate pair, which is no text. Send whole characters.`,
  );
}

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

type AnswerOf<Type extends Answer["type"]> = Extract<Answer, { type: Type }>;

/** Sends a request that one frame of that type answers. Throws a CmdletError where PowerShell answered with errors. */
export async function ask<Type extends Answer["type"]>(
  worker: Worker,
  calls: Calls,
  { request, answer, deadline }: { request: Request; answer: Type; deadline: Deadline },
): Promise<AnswerOf<Type>> {
  const answers = calls.run(request, deadline);
  const { value: frame } = await answers.next();
  await answers.return();
  if (frame?.type === "failed" || frame?.type === "stopped") throw new CmdletError(frame);
  if (frame && isOfType(frame, answer)) return frame;
  throw worker.fail(garbled(`"${frame?.type}" in place of "${answer}"`, "as the answer"));
}

function isOfType<Type extends Answer["type"]>(frame: Answer, type: Type): frame is AnswerOf<Type> {
  return frame.type === type;
}
