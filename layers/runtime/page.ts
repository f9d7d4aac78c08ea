import * as z from "zod";

const count = z.int().nonnegative();

export const sha256Schema = z.string().regex(/^[0-9a-f]{64}$/);

/** Lines of JSON in one gzip object, as a manifest names it. */
export const pageSchema = z.strictObject({
  key: z.string(),
  rows: count,
  /** Size and SHA-256 (hexadecimal) of the stored, compressed object. */
  bytes: count,
  sha256: sha256Schema,
});

export type Page = z.infer<typeof pageSchema>;
