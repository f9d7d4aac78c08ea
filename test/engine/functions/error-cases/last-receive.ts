import { randomUUID } from "node:crypto";
import { expect } from "vitest";
import { maxReceiveCount } from "#operations/message";
import type { Bench } from "#test/engine/functions/error-cases/bench";
import type { ChangeAction } from "#test/support/changes";
import { eventually } from "#test/support/eventually";

/** The cmdlet by which each skill changes something. */
const writingCmdlets = {
  "add-group-members": "Add-DistributionGroupMember",
  "create-group": "New-DistributionGroup",
} as const satisfies Record<ChangeAction, string>;

/**
 * Nothing shows what became of a change up to the last receive: there is a notice and no final result, and the message is a
 * dead letter. Sent again as a new message it ends the operation, and the change is made once.
 */
export async function goesOnFromDeadLetters(bench: Bench, action: ChangeAction): Promise<void> {
  const { awaitResult, request, results, send, takeDeadLetter } = bench.changes;
  const operationId = randomUUID();
  const fields = { operationId, ...fieldsFor(bench, action) };
  const lists = bench.readLists();
  bench.fault({ name: "directory-write", cmdlet: writingCmdlets[action] });

  const final = request(action, fields, { lostReceives: maxReceiveCount - 1 });
  const notice = await awaitResult((each) => each.operationId === operationId && /"attempts":1\b/.test(each.text));
  const deadLetter = await takeDeadLetter(action);
  const heardMeanwhile = results.filter((each) => each.operationId === operationId).map((each) => each.final);
  const listsMeanwhile = bench.readLists();
  await bench.mend();
  await send(action, deadLetter);

  expect(notice).toMatchObject({ final: false, outcome: "pending", error: { code: "OUTCOME_UNKNOWN" } });
  expect([heardMeanwhile, listsMeanwhile]).toEqual([[false, false], lists]);
  expect(await final).toMatchObject({ operationId, outcome: "succeeded", attempts: 2 });
  expect(bench.readLists().filter((list) => !lists.includes(list))).toHaveLength(1);
}

/** Nothing was changed, for certain, up to the last receive: the result is final, and no message is left. */
export async function failsForCertain(bench: Bench, action: ChangeAction): Promise<void> {
  const fields = fieldsFor(bench, action);
  const lists = bench.readLists();
  const before = await bench.countMessages(action);
  bench.fault({ name: "throttle" });

  const result = await bench.changes.request(action, fields);

  expect(result).toMatchObject({ outcome: "failed", error: { code: "THROTTLED" }, attempts: maxReceiveCount });
  expect(bench.readLists()).toEqual(lists);
  await eventually(async () => expect(await bench.countMessages(action)).toEqual(before));
}

function fieldsFor(bench: Bench, action: ChangeAction): object {
  return action === "create-group" ? bench.creation() : bench.addition().fields;
}
