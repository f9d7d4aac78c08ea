import * as z from "zod";

/** A group as results name it. */
export const groupReportSchema = z.strictObject({
  id: z.string(),
  name: z.string().nullable(),
  address: z.string().nullable(),
});

export type GroupReport = z.infer<typeof groupReportSchema>;
