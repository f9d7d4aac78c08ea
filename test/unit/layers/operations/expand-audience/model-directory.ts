import { setTimeout as delay } from "node:timers/promises";
import type { ExchangeClient, ParsedRow } from "#exchange/client";
import { type Deadline, remainingMs } from "#runtime/deadline";
import { type ErrorCode, ExchangeError } from "#runtime/errors";
import { type GroupGraph, rootOf } from "#test/unit/layers/directory/group-graph";

type Reads = {
  /** Groups whose members were read to the end, each time they were. */
  whole: string[];
};

const trouble: ErrorCode[] = ["THROTTLED", "EXCHANGE_TRANSIENT", "POWERSHELL_EXITED", "NOT_CONNECTED"];
const rowsBetween = 50;

/**
 * An Exchange that holds one graph of groups: what stands behind the client, without PowerShell, for thousands of runs.
 * `pass` is called before a call and now and then between its rows: it may take its time, throw, or never return.
 */
export function createModelDirectory(graph: GroupGraph, pass: () => Promise<void>) {
  const reads: Reads = { whole: [] };

  async function* read(
    { name }: { name: string },
    { Identity = "" }: { Identity?: string },
    { deadline }: { deadline: Deadline },
  ): AsyncGenerator<ParsedRow<object>, void> {
    requireTime(deadline, "DEADLINE_TOO_CLOSE");
    await pass();
    if (name === "Get-DistributionGroupMember") {
      yield* readMembers(Identity, deadline);
      reads.whole.push(Identity);
    } else if (Identity === rootOf(graph).id) yield { ok: true, row: rowOf(Identity) };
    else throw new ExchangeError("OBJECT_NOT_FOUND", "There is no such object.");
  }

  async function* readMembers(id: string, deadline: Deadline): AsyncGenerator<ParsedRow<object>, void> {
    const group = graph.get(id);
    if (group === undefined || group.isGone) throw new ExchangeError("OBJECT_NOT_FOUND", "There is no such group.");
    for (const [number, member] of group.members.entries()) {
      if (number % rowsBetween === 1) {
        await pass();
        requireTime(deadline, "POWERSHELL_TIMEOUT");
      }
      yield { ok: true, row: rowOf(member) };
    }
    for (let row = 0; row < group.badRows; row += 1) yield { ok: false, id: undefined, reason: "is no record" };
  }

  function rowOf(id: string): object {
    const { type } = graph.get(id) ?? {};
    return { ExchangeObjectId: id, Guid: id, Name: id, RecipientTypeDetails: type, DistinguishedName: `CN=${id},DC=x` };
  }

  const client = { start: () => {}, read, connection: undefined, close: async () => {} } as unknown as ExchangeClient;
  return { client, reads };
}

/** Takes time, or throws trouble that passes, as `random` has it. */
export async function meetTrouble(random: () => number): Promise<void> {
  await Promise.resolve();
  if (random() < 0.3) await delay(random() * 4);
  const code = trouble[Math.floor(random() * trouble.length * 20)];
  if (code) throw new ExchangeError(code, "It will pass.");
}

function requireTime(deadline: Deadline, code: ErrorCode): void {
  if (remainingMs(deadline) === 0) throw new ExchangeError(code, "The time is over.");
}
