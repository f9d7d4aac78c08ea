import { expect } from "vitest";
import type { DirectoryRecord } from "#local/exchange/tenant/directory-record";
import { maxReceiveCount } from "#operations/message";
import type { MemberReport, ResultBody } from "#operations/result";
import { type ErrorCode, errorCodes } from "#runtime/errors";
import type { Bench } from "#test/engine/functions/error-cases/bench";
import type { ChangeAction } from "#test/support/changes";
import { eventually } from "#test/support/eventually";

/** Sends a request that meets an error of this code, and checks what comes of it. */
export type Check = (bench: Bench, code: ErrorCode) => Promise<void>;

/** Adds members unless it says otherwise. */
type Given = {
  action?: ChangeAction;
  fields: object;
  group?: DirectoryRecord;
  member?: DirectoryRecord;
  /** Happens while the request is carried out. */
  meanwhile?: () => Promise<unknown>;
};

type Make = (bench: Bench) => Given | Promise<Given>;

/** The result has this outcome and code, and nothing was changed. Trouble that may pass has lasted to the last receive. */
export function ends(outcome: ResultBody["outcome"], make: Make, { final = true, says = "" } = {}): Check {
  return async (bench, code) => {
    const { result, isChanged } = await carryOut(bench, code, make);

    expect(result).toMatchObject({ final, outcome, error: { code, message: expect.stringMatching(/\S/) } });
    expect(result.userMessage).toMatch(/[.?]$/);
    expect(result.userMessage).toContain(says);
    expect(isChanged).toBe(false);
  };
}

/** The one member has this outcome and code, whoever asked is told this, and nothing was changed. */
export function memberEnds(outcome: MemberReport["outcome"], make: Make, says = ""): Check {
  return async (bench, code) => {
    const { result, isChanged } = await carryOut(bench, code, make);

    expect(result).toMatchObject({
      final: true,
      outcome: outcome === "failed" ? "failed" : "rejected",
      error: null,
      members: [{ outcome, error: { code, message: expect.stringMatching(/\S/) } }],
    });
    expect(result.userMessage).toMatch(/\.$/);
    expect(result.userMessage).toContain(says);
    expect(isChanged).toBe(false);
  };
}

/** The function fails, nobody hears of anything, and the message is carried out when it comes again and all is well. */
export function functionFails(make: Make, mend: (bench: Bench) => unknown = () => {}): Check {
  return async (bench, code) => {
    const { delivery, request, results } = bench.changes;
    const { fields, group, member, meanwhile } = await make(bench);
    const [failed, heard] = [delivery.failures.length, results.length];

    const done = request("add-group-members", fields);
    await meanwhile?.();
    await eventually(() => delivery.failures.length > failed);
    const failure = delivery.failures.at(-1);
    expect([failure?.code, results.length]).toEqual([code, heard]);
    await bench.mend();
    await mend(bench);
    await failure?.comeAgain();

    expect(await done).toMatchObject({ final: true, outcome: "succeeded" });
    expect([...(group?.group?.members ?? [])]).toEqual([member]);
  };
}

async function carryOut(bench: Bench, code: ErrorCode, make: Make) {
  const { action = "add-group-members", fields, meanwhile } = await make(bench);
  const before = bench.readLists();
  const lostReceives = errorCodes[code].retryable ? maxReceiveCount - 1 : 0;
  const [result] = await Promise.all([bench.changes.request(action, fields, { lostReceives }), meanwhile?.()]);
  return { result, isChanged: bench.readLists().join() !== before.join() };
}
