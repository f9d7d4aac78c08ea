import { createHash, randomUUID } from "node:crypto";
import * as z from "zod";
import { ExchangeError } from "#runtime/errors";
import type { ObjectStore } from "#storage/object-store";
import { changeDocument, decideDocument, type SharedDocument } from "#storage/shared-document";

type Options = { signal?: AbortSignal };

/**
 * A lease ends at the latest so long after its entry was last written, by S3's clock: one that a clock far ahead has made
 * would keep everybody out. Longer than a function lives, which is 15 minutes, and the lease it takes beyond its deadline.
 */
const longestLeaseMs = 20 * 60 * 1000;

/** What can be kept of an operation's work. */
export type Work = LedgerEntry["work"];

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
  const claimId = randomUUID();
  const claim = { claimId, leaseUntil: leaseUntil.toISOString() };
  const claimedAs = (entry: LedgerEntry): Claim => {
    return { status: "claimed", operation: new Operation(store, claimId, entry) };
  };
  return decideDocument<LedgerEntry, Claim>(
    store,
    ledgerDocument(operationId),
    (entry, writtenAt) => {
      if (entry?.claim?.claimId === claimId) return { answer: claimedAs(entry) };
      const refusal = answerWithoutClaim(entry, { ...claimant, bodyHash }, writtenAt);
      if (refusal !== undefined) return { answer: refusal };
      const before = entry ?? { operationId, action, bodyHash, attempts: 0, work: null, result: null };
      const claimed = { ...before, claim, attempts: before.attempts + 1, writeId: claimId };
      return { write: claimed, answer: claimedAs(claimed) };
    },
    options,
  );
}

/** What is answered to who may not claim; undefined to who may. */
function answerWithoutClaim(
  entry: LedgerEntry | undefined,
  { bodyHash, mayBegin }: { bodyHash: string; mayBegin: boolean },
  writtenAt: Date,
): Claim | undefined {
  if (entry === undefined) return mayBegin ? undefined : { status: "unknown" };
  if (entry.bodyHash !== bodyHash) return { status: "reused" };
  if (entry.result !== null) return { status: "finished", result: entry.result };
  if (entry.claim === null) return undefined;
  const until = Math.min(Date.parse(entry.claim.leaseUntil), writtenAt.getTime() + longestLeaseMs);
  return until > Date.now() ? { status: "busy", until: new Date(until) } : undefined;
}

/**
 * The right to go on with one operation: that the ledger names this claim, which only another claim takes from it. Once it
 * is taken or has ended every method throws `CLAIM_LOST`, and nothing more may be done.
 */
export class Operation {
  readonly #store: ObjectStore;
  readonly #claimId: string;
  #entry: LedgerEntry;

  /** Of a claim that was made. */
  constructor(store: ObjectStore, claimId: string, entry: LedgerEntry) {
    this.#store = store;
    this.#claimId = claimId;
    this.#entry = entry;
  }

  /** Claims so far, this one included. */
  get attempts(): number {
    return this.#entry.attempts;
  }

  /** A copy of what was kept last, by this attempt or one before; null where nothing was. */
  get work(): Work {
    return structuredClone(this.#entry.work);
  }

  /** Writes down what is intended, or what came of it. What was to be kept is there once this has returned. */
  async keep(work: Work, options: Options = {}): Promise<void> {
    await this.#change({ work }, options);
  }

  /** Stores the final result and ends the operation. */
  async finish(result: string, options: Options = {}): Promise<void> {
    await this.#change({ claim: null, result }, options);
  }

  /** Keeps the work and lets another attempt begin at once. */
  async release(work: Work, options: Options = {}): Promise<void> {
    await this.#change({ work, claim: null }, options);
  }

  /** Writes also what the entry says already: a write before, of which no answer came, may still be on its way. */
  async #change(change: Partial<LedgerEntry>, options: Options): Promise<void> {
    const document = ledgerDocument(this.#entry.operationId);
    const wanted = document.schema.parse({ ...this.#entry, ...change, writeId: randomUUID() });
    await changeDocument(
      this.#store,
      document,
      (entry) => {
        if (entry?.writeId === wanted.writeId) return undefined;
        if (entry?.claim?.claimId === this.#claimId) return wanted;
        throw new ExchangeError(
          "CLAIM_LOST",
          `This attempt no longer holds the operation ${wanted.operationId}: it has ended, or another goes on with it.`,
        );
      },
      options,
    );
    this.#entry = wanted;
  }
}

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
  /**
   * Another one in each write: tells whether a write without an answer was made. It also keeps an ETag, which S3 makes of the
   * bytes, from coming back with earlier work; a write still on its way would then be made after all.
   */
  writeId: z.string(),
});

export type LedgerEntry = z.infer<typeof entrySchema>;

/** Where what belongs to one operation lies: its entry, and what was said of it where that is too long for a queue. */
export function operationKey(
  operationId: string,
  kind: "json" | "result.json" | "notice.json" | "dry-run.json",
): string {
  return `operations/${createHash("sha256").update(operationId).digest("hex")}.${kind}`;
}

/** The entry of one operation; that of another in its place is corrupt. */
export function ledgerDocument(operationId: string): SharedDocument<LedgerEntry> {
  return {
    key: operationKey(operationId, "json"),
    schema: entrySchema.refine((entry) => entry.operationId === operationId, "It is of another operation."),
    repair: "Put an earlier version of it back. Deleting it makes the operation begin anew, also where it was done:",
  };
}

/** The same for bodies that differ only in the order of their fields. */
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
