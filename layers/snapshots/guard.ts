import type { Deadline } from "#runtime/deadline";
import { ExchangeError } from "#runtime/exchange-error";
import { type Attempts, readAgain } from "#runtime/read-again";
import type { Directory } from "#snapshots/directory";
import type { Published } from "#snapshots/latest";
import type { Tally } from "#snapshots/tally";

/** What a run may do to the snapshot before it. */
export type ShrinkLimits = {
  /** How many of a hundred rows may be gone, from 100 rows up. */
  shrinkPercent: number;
  /** A smaller snapshot of at least so many rows is published all the same. */
  allowShrinkTo?: number;
};

const shrinkFromRows = 100;

/** Rows that no record can be made of: so many at most, and so many of a hundred. */
const rejectedRows = 5;
const rejectedPercent = 1;

/** So many of those that vanished are all asked for; of more, a sample. */
const askedAtMost = 200;
const sampleSize = 50;
/** As many ids are named in a message. */
const namedIds = 5;

/** `ROWS_REJECTED` where Exchange's answers are not what they used to be. */
export function requireFewRejected({ rows, rejected }: Tally): void {
  const limit = Math.max(rejectedRows, Math.floor(((rows + rejected) * rejectedPercent) / 100));
  if (rejected <= limit) return;
  throw new ExchangeError(
    "ROWS_REJECTED",
    `${rejected} of ${rows + rejected} rows were not as expected; ${limit} may be. Nothing was published. run.json names the ` +
      "first of them with what was wrong: Exchange may answer differently than it did, which is to be corrected in the gateway.",
  );
}

type Vanished = {
  base: Published;
  /** Ids that the base has and the run has not. */
  vanished: readonly string[];
  directory: Directory;
  deadline: Deadline;
  attempts: Attempts;
};

/** Asks Exchange for those that are missing, by identity. `SNAPSHOT_INCOMPLETE` where one of them is still there. */
export async function requireVanished({ base, vanished, directory, deadline, attempts }: Vanished): Promise<void> {
  const asked = vanished.length <= askedAtMost ? vanished : sample(vanished, sampleSize);
  const found: string[] = [];
  for (const id of asked) {
    if (await readAgain(attempts, () => directory.has(id, { deadline }))) found.push(id);
  }
  if (found.length === 0) return;
  throw new ExchangeError(
    "SNAPSHOT_INCOMPLETE",
    `${vanished.length} of the ${base.rows} objects of ${base.runId} were missing in Exchange's answers. ${asked.length} of ` +
      `them were asked for one by one, and ${found.length} are still there: ${found.slice(0, namedIds).join(", ")}` +
      `${found.length > namedIds ? " …" : ""}. So Exchange answered short. Nothing was published; the next run reads anew.`,
  );
}

/** `SNAPSHOT_EMPTY` or `SNAPSHOT_SHRUNK` where too little is left of the base. */
export function requireNoCollapse(base: Published, rows: number, { shrinkPercent, allowShrinkTo }: ShrinkLimits): void {
  if (rows >= base.rows || (allowShrinkTo !== undefined && rows >= allowShrinkTo)) return;
  const knowingly = `If that is right, invoke the function once with {"allowShrinkTo": ${rows}}.`;
  if (rows === 0) {
    throw new ExchangeError(
      "SNAPSHOT_EMPTY",
      `Exchange gave nothing, and ${base.runId} has ${base.rows} rows. Nothing was published. ${knowingly}`,
    );
  }
  const least = Math.ceil((base.rows * (100 - shrinkPercent)) / 100);
  if (base.rows < shrinkFromRows || rows >= least) return;
  const lostPercent = (((base.rows - rows) / base.rows) * 100).toFixed(1);
  throw new ExchangeError(
    "SNAPSHOT_SHRUNK",
    `${rows} rows are ${lostPercent} % fewer than the ${base.rows} of ${base.runId}; ${shrinkPercent} % may be gone, so at ` +
      `least ${least} have to be there. Nothing was published. ${knowingly}`,
  );
}

/** So many of the ids, evenly spread. */
function sample(ids: readonly string[], size: number): string[] {
  return ids.filter(
    (_, place) => Math.floor((place * size) / ids.length) !== Math.floor(((place - 1) * size) / ids.length),
  );
}
