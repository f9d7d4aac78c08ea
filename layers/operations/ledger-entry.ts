import { createHash } from "node:crypto";
import * as z from "zod";
import type { SharedDocument } from "#storage/shared-document";

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
  ending: "json" | "result.json" | "notice.json" | "dry-run.json",
): string {
  return `operations/${createHash("sha256").update(operationId).digest("hex")}.${ending}`;
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
export function hashBody(body: unknown): string {
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
