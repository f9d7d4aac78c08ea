import { z } from "zod";

const count = z.number().int().nonnegative();
const time = z.iso.datetime();

/** What a snapshot consists of. It is written after every page it names. */
export const manifestSchema = z.strictObject({
  version: z.literal(1),
  kind: z.enum(["users", "groups"]),
  runId: z.string(),
  /** The way the directory was read. */
  source: z.string(),
  scheduledTime: time,
  readStartedAt: time,
  readEndedAt: time,
  /** The parts that were read at once. A paged one is as whole as Exchange's paging is. */
  partitions: z.array(z.strictObject({ name: z.string(), rows: count, isPaged: z.boolean() })),
  pages: z.array(z.strictObject({ key: z.string(), rows: count, bytes: count, sha256: z.string() })),
  totals: z.strictObject({
    rows: count,
    byType: z.record(z.string(), count),
    /** Rows whose id an earlier row had. */
    duplicates: count,
    rejected: count,
  }),
  /** The first rows that could not become records. */
  rejectedRows: z.array(z.strictObject({ id: z.string().nullable(), reason: z.string() })),
  warnings: z.array(z.string()),
});

export type Manifest = z.infer<typeof manifestSchema>;
