import * as z from "zod";

/** A GUID in lower case. */
export const guidSchema = z.string().regex(/^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/, "is no GUID in lower case");

/** Text that is not empty; null where it is known to be empty, absent where it cannot be known. */
export const knownTextSchema = z.string().min(1).nullable().exactOptional();

/** ISO 8601, UTC, milliseconds; null and absent as with text. */
export const knownTimeSchema = z.iso.datetime({ precision: 3 }).nullable().exactOptional();
