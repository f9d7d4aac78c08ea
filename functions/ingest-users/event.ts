import { z } from "zod";

/** `scheduledTime` names the run a schedule meant: one that is published already is skipped. `dryRun` writes nothing. */
export const eventSchema = z.strictObject({
  scheduledTime: z.iso.datetime({ offset: true }).optional(),
  dryRun: z.boolean().optional(),
});
