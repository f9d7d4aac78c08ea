import type { Calls, Request } from "#powershell/calls";
import { CmdletError } from "#powershell/cmdlet-error";
import { garbled } from "#powershell/session-errors";
import type { Answer, Worker } from "#powershell/worker";
import type { Deadline } from "#runtime/deadline";

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
