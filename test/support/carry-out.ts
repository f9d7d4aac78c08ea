import { join } from "node:path";
import { addGroupMembers } from "#operations/add-group-members/add-group-members";
import { createGroup } from "#operations/create-group/create-group";
import { usualReadSettings } from "#operations/expand-audience/audience";
import { createExpandAudience } from "#operations/expand-audience/expand-audience";
import { handleMessage } from "#operations/handle-message";
import { maxReceiveCount } from "#operations/message";
import { openContext } from "#operations/open-context";
import { deadlineIn } from "#runtime/deadline";
import { messageOf } from "#test/support/message-of";
import { root } from "#test/support/repository";

const skills = {
  "add-group-members": addGroupMembers,
  "create-group": createGroup,
  /** What was read is kept at the end of every group. */
  "expand-audience": createExpandAudience({ ...usualReadSettings, checkpointRows: 0, retryPausesMs: [] }),
};

/** A message and the function whose it is. */
export type Task = { action: keyof typeof skills; body: string };

/** Carries a message out as its function does, received for the so-manieth time; whether it is deleted then. */
export async function carryOut({ action, body }: Task, receives = 1): Promise<boolean> {
  const skill = skills[action] as typeof addGroupMembers;
  const context = { ...openContext(deadlineIn(600_000)), readBackPausesMs: [100, 400] };
  const { batchItemFailures } = await handleMessage(messageOf(body, receives), skill, context);
  return batchItemFailures.length === 0;
}

/** The same, as often as the message comes again. */
export async function carryOutWhole(task: Task): Promise<void> {
  for (let receives = 1; receives <= maxReceiveCount; receives += 1) if (await carryOut(task, receives)) return;
}

/** Does it once in a process of its own, which a task is given to. */
export const carryOutProgram = join(root, "test", "support", "programs", "carry-out.ts");
