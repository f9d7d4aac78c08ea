import * as z from "zod";

/**
 * The event of an ingestion. `scheduledTime` names the run that a schedule meant: one that is published already is skipped.
 * `dryRun` writes nothing. `allowShrinkTo` lets a snapshot of at least so many rows be published, however many were there.
 */
export const ingestEventSchema = z.strictObject({
  scheduledTime: z.iso
    .datetime({ offset: true })
    .transform((text) => new Date(text))
    .exactOptional(),
  dryRun: z.boolean().default(false),
  allowShrinkTo: z.int().nonnegative().exactOptional(),
});
