import * as z from "zod";
import { snapshotKinds } from "#snapshots/layout";
import { pageSchema, sha256Schema } from "#storage/pages";

const count = z.int().nonnegative();
const time = z.iso.datetime();

/**
 * "whole": one answer with fewer rows than fit into a page, so none of them can be missing. "paged": page by page, so it is
 * as whole as Exchange's paging is.
 */
const readingSchema = z.enum(["whole", "paged"]);

const partition = { prefix: z.string(), rows: count, reading: readingSchema };

/** See the type Partition. */
const partitionSchema = z.union([
  z.strictObject({ ...partition, next: z.array(z.string()) }),
  z.strictObject({ ...partition, except: z.array(z.string()) }),
]);

/** Rows that no record could be made of, by id where they have one. */
export const rejectedRowsSchema = z.array(z.strictObject({ id: z.string().nullable(), reason: z.string() }));

/** Records by whose change, or its absence, the base becomes this snapshot. */
const changesSchema = z.strictObject({
  baseRunId: z.string(),
  key: z.string(),
  added: count,
  changed: count,
  removed: count,
  /** Size and SHA-256 (hexadecimal) of the stored, compressed object. */
  bytes: count,
  sha256: sha256Schema,
});

/** What a snapshot consists of and how it came about. Written after every page it names. */
export const manifestSchema = z.strictObject({
  schemaVersion: z.literal(1),
  kind: z.enum(snapshotKinds),
  runId: z.string(),
  /** The way the directory was read. */
  source: z.string(),
  scheduledTime: time,
  readStartedAt: time,
  readEndedAt: time,
  partitions: z.array(partitionSchema),
  /** Who has changed since shortly before the read was read once more, and so many were missing; null for a single answer. */
  changedMeanwhile: z.strictObject({ since: time, rows: count, reading: readingSchema }).nullable(),
  pages: z.array(pageSchema),
  /** Null where there is no earlier snapshot from the same source. */
  changes: changesSchema.nullable(),
  totals: z.strictObject({
    /** Records in the pages, altogether and by type. */
    rows: count,
    byType: z.record(z.string(), count),
    /** Rows left out, because an earlier one had their id. */
    duplicates: count,
    /** Rows left out, because no record could be made of them. */
    rejected: count,
  }),
  /** The first of them. */
  rejectedRows: rejectedRowsSchema,
  /** What Exchange warned of, each text once, and how many warnings there were. */
  warnings: z.strictObject({ count, texts: z.array(z.string()) }),
  timings: z.strictObject({
    /** From the claim to the first row: start of PowerShell, sign-in, first page. Null where no row came. */
    firstRowMs: count.nullable(),
    /** From the claim until every page was stored. */
    readMs: count,
  }),
});

export type Manifest = z.infer<typeof manifestSchema>;

/** A manifest as its object's text. */
export function serializeManifest(manifest: Manifest): string {
  return `${JSON.stringify(manifestSchema.parse(manifest), null, 2)}\n`;
}
