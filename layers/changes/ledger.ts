import { createHash, randomUUID } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import { z } from "zod";
import { ExchangeError } from "#runtime/exchange-error";
import type { ObjectStore } from "#runtime/object-store";
import { changeDocument, type SharedDocument } from "#runtime/shared-document";

type Options = { signal?: AbortSignal };

/** `operations/<sha256 of the operationId>.json`: what is known of one operation, and who is at work on it. */
const entrySchema = z.strictObject({
  operationId: z.string(),
  action: z.string(),
  /** Of the request. */
  bodyHash: z.string(),
  /** Who alone may go on with it, until when nobody else shall. */
  claim: z.strictObject({ claimId: z.string(), leaseUntil: z.iso.datetime() }).nullable(),
  /** Claims so far. */
  attempts: z.int().positive(),
  /** What was intended and what came of it, as the action writes it down. */
  work: z.json().nullable(),
  /** The text of the final result. */
  result: z.string().nullable(),
});

type Entry = z.infer<typeof entrySchema>;

/** What can be kept of an operation's work. */
export type Work = Entry["work"];

export type Claimant = {
  operationId: string;
  action: string;
  /** The request as it was checked; the order of its fields does not matter. */
  body: unknown;
  /** How long nobody else shall begin. Clocks decide how soon another may, never who goes on. */
  leaseUntil: Date;
  /** Whether an operation that is not known yet may begin. */
  mayBegin: boolean;
};

export type Claim =
  | { status: "claimed"; operation: Operation }
  /** It has ended; the text of its result as it was stored. */
  | { status: "finished"; result: string }
  /** Another request is known under this id. */
  | { status: "reused" }
  | { status: "busy"; until: Date }
  /** Not known, and it may not begin. */
  | { status: "unknown" };

/**
 * Claims an operation for one attempt, also from another whose lease is over. S3 out of reach: `STORAGE_UNAVAILABLE`, after
 * which the claim may have been made; it then ends by its lease. `STORAGE_CORRUPT` where the key holds something else.
 */
export async function claimOperation(store: ObjectStore, claimant: Claimant, options: Options = {}): Promise<Claim> {
  const { operationId, action, leaseUntil } = claimant;
  const bodyHash = hashBody({ action, body: claimant.body });
  const claim = { claimId: randomUUID(), leaseUntil: leaseUntil.toISOString() };
  let answer: Claim | undefined;
  await changeDocument(
    store,
    documentOf(operationId),
    (entry) => {
      answer = answerWithoutClaim(entry, claimant, bodyHash);
      if (answer !== undefined) return undefined;
      const before = entry ?? { operationId, action, bodyHash, attempts: 0, work: null, result: null };
      const isOwn = entry?.claim?.claimId === claim.claimId;
      const claimed = isOwn ? entry : { ...before, claim, attempts: before.attempts + 1 };
      answer = { status: "claimed", operation: new Operation(store, claim.claimId, claimed) };
      return isOwn ? undefined : claimed;
    },
    options,
  );
  if (answer === undefined) throw new Error("A document was changed without being asked what it shall be.");
  return answer;

  function answerWithoutClaim(entry: Entry | undefined, { mayBegin }: Claimant, hash: string): Claim | undefined {
    if (entry === undefined) return mayBegin ? undefined : { status: "unknown" };
    if (entry.bodyHash !== hash) return { status: "reused" };
    if (entry.result !== null) return { status: "finished", result: entry.result };
    if (entry.claim === null || entry.claim.claimId === claim.claimId) return undefined;
    const until = new Date(entry.claim.leaseUntil);
    return until.getTime() > Date.now() ? { status: "busy", until } : undefined;
  }
}

/**
 * The right to go on with one operation: that the ledger names this claim, which only another claim takes from it. Once it
 * is taken every method throws `CLAIM_LOST`, and nothing more may be done.
 */
export class Operation {
  readonly #store: ObjectStore;
  readonly #claimId: string;
  #entry: Entry;

  /** Of a claim that was made. */
  constructor(store: ObjectStore, claimId: string, entry: Entry) {
    this.#store = store;
    this.#claimId = claimId;
    this.#entry = entry;
  }

  /** Claims so far, this one included. */
  get attempts(): number {
    return this.#entry.attempts;
  }

  /** What was kept last, by this attempt or one before; null where nothing was. */
  get work(): Work {
    return this.#entry.work;
  }

  /** Writes down what is intended, or what came of it. What was to be kept is there once this has returned. */
  async keep(work: Work, options: Options = {}): Promise<void> {
    await this.#change((entry) => ({ ...entry, work }), options);
  }

  /** Stores the final result and ends the operation. */
  async finish(result: string, options: Options = {}): Promise<void> {
    await this.#change((entry) => ({ ...entry, claim: null, result }), options);
  }

  /** Keeps the work and lets another attempt begin at once. */
  async release(work: Work, options: Options = {}): Promise<void> {
    await this.#change((entry) => ({ ...entry, work, claim: null }), options);
  }

  async #change(change: (entry: Entry) => Entry, options: Options): Promise<void> {
    const wanted = entrySchema.parse(change(this.#entry));
    await changeDocument(
      this.#store,
      documentOf(wanted.operationId),
      (entry) => {
        if (isDeepStrictEqual(entry, wanted)) return undefined;
        if (entry?.claim?.claimId === this.#claimId) return wanted;
        throw new ExchangeError(
          "CLAIM_LOST",
          `The operation ${wanted.operationId} was taken over by another attempt, which goes on with it.`,
        );
      },
      options,
    );
    this.#entry = wanted;
  }
}

function documentOf(operationId: string): SharedDocument<Entry> {
  const name = createHash("sha256").update(operationId).digest("hex");
  return {
    key: `operations/${name}.json`,
    schema: entrySchema,
    repair: "Put an earlier version of it back. Deleting it makes the operation begin anew, also where it was done:",
  };
}

function hashBody(body: unknown): string {
  return createHash("sha256")
    .update(JSON.stringify(inOrder(body)))
    .digest("hex");
}

/** The same value with the fields of each object in the order of their names. */
function inOrder(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inOrder);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1));
  return Object.fromEntries(entries.map(([name, part]) => [name, inOrder(part)]));
}
