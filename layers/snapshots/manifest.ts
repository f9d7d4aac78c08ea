import { z } from "zod";
import { snapshotKinds } from "#snapshots/layout";

const count = z.int().nonnegative();
const time = z.iso.datetime();

const pageSchema = z.strictObject({
  key: z.string(),
  rows: count,
  /** Size and SHA-256 (hexadecimal) of the stored, compressed object. */
  bytes: count,
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
});

const partitionSchema = z.strictObject({
  name: z.string(),
  rows: count,
  /** "paged": Exchange gave it page by page, so it is as whole as Exchange's paging is. */
  reading: z.enum(["paged"]),
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
  pages: z.array(pageSchema),
  totals: z.strictObject({
    /** Records in the pages, altogether and by type. */
    rows: count,
    byType: z.record(z.string(), count),
    /** Rows left out, because an earlier one had their id. */
    duplicates: count,
    /** Rows left out, because no record could be made of them. */
    rejected: count,
  }),
  /** The first of the rejected rows, by id where they have one. */
  rejectedRows: z.array(z.strictObject({ id: z.string().nullable(), reason: z.string() })),
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
