import type { Deadline } from "#runtime/deadline";
import { ExchangeError } from "#runtime/errors";
import { type Attempts, retry } from "#runtime/retry";
import { chunk } from "#runtime/text";
import type { Directory } from "#snapshots/directory";
import type { Published } from "#snapshots/publication";
import type { Tally } from "#snapshots/tally";

/** What a run may do to the snapshot before it. */
export type ShrinkLimits = {
  /** How many of a hundred rows may be gone, of 100 rows or more. */
  shrinkPercent: number;
  /** A smaller snapshot of at least so many rows is published all the same. */
  allowShrinkTo?: number;
};

const shrinkFromRows = 100;

/** Rows that no record can be made of: so many at most, and so many of a hundred. */
const rejectedRows = 5;
const rejectedPercent = 1;

/** So many ids are asked for at once. */
const idsPerQuestion = 20;
/** So many tell an answer that was short from people who are gone. */
const sampleIds = 100;
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
  /** Ids that the run has. */
  witnesses: readonly string[];
  /** The run is held back anyway: a sample tells whether Exchange answered short. */
  isHeldBack: boolean;
  directory: Directory;
  deadline: Deadline;
  attempts: Attempts;
};

/**
 * Asks Exchange for all that are missing, by id, or for a sample of them where nothing is to be published.
 * `SNAPSHOT_INCOMPLETE` where one of them is still there.
 */
export async function requireVanished({ base, vanished, isHeldBack, ...asking }: Vanished): Promise<void> {
  let asked = 0;
  let found: string[] = [];
  const step = isHeldBack ? Math.ceil(vanished.length / sampleIds) : 1;
  const wanted = vanished.filter((_, index) => index % step === 0);
  for (const some of chunk(wanted, idsPerQuestion - asking.witnesses.length)) {
    found = await findThere(some, asking);
    asked += some.length;
    if (found.length > 0) break;
  }
  if (found.length === 0) return;
  throw new ExchangeError(
    "SNAPSHOT_INCOMPLETE",
    `${vanished.length} of the ${base.rows} objects of ${base.runId} were missing in Exchange's answers. ${asked} of them ` +
      `were asked for by id, and ${found.length} are still there: ${found.slice(0, namedIds).join(", ")}` +
      `${found.length > namedIds ? " …" : ""}. So Exchange answered short. Nothing was published; the next run reads anew.`,
  );
}

/** Those that are there. A few that surely are are asked for with them: an answer without any says nothing of the others. */
async function findThere(
  ids: readonly string[],
  { witnesses, directory, deadline, attempts }: Omit<Vanished, "base" | "vanished" | "isHeldBack">,
): Promise<string[]> {
  const there = await retry(attempts, async () => {
    const answer = await directory.findThere([...ids, ...witnesses], { deadline });
    if (witnesses.length === 0 || witnesses.some((id) => answer.has(id))) return answer;
    throw new ExchangeError(
      "EXCHANGE_TRANSIENT",
      `Exchange was asked for ${witnesses.join(", ")}, which it had listed, among others, and left them out. Try again in a few minutes.`,
    );
  });
  return ids.filter((id) => there.has(id));
}

/**
 * What holds a run back by its number of rows: `SNAPSHOT_EMPTY` where there is nothing, in a first run too; `SNAPSHOT_SHRUNK`
 * where too little is left of what is published, whatever source it was read from.
 */
export function findCollapse(
  published: Published | undefined,
  rows: number,
  { shrinkPercent, allowShrinkTo }: ShrinkLimits,
): ExchangeError | undefined {
  if (allowShrinkTo !== undefined && rows >= allowShrinkTo) return undefined;
  const knowingly = `If that is right, invoke the function once with {"allowShrinkTo": ${rows}}.`;
  if (rows === 0) {
    const before = published ? `${published.runId} has ${published.rows} rows` : "no snapshot is published yet";
    return new ExchangeError(
      "SNAPSHOT_EMPTY",
      `Exchange gave nothing, and ${before}. Nothing was published. ${knowingly}`,
    );
  }
  if (published === undefined || published.rows < shrinkFromRows) return undefined;
  const least = Math.ceil((published.rows * (100 - shrinkPercent)) / 100);
  if (rows >= least) return undefined;
  const lostPercent = (((published.rows - rows) / published.rows) * 100).toFixed(1);
  return new ExchangeError(
    "SNAPSHOT_SHRUNK",
    `${rows} rows are ${lostPercent} % fewer than the ${published.rows} of ${published.runId}; ${shrinkPercent} % may be gone, ` +
      `so at least ${least} have to be there. Nothing was published. ${knowingly}`,
  );
}
