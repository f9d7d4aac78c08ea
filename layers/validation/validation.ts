import * as z from "zod";
import { type ErrorCode, errorCodes } from "#runtime/errors";

const codes = Object.keys(errorCodes) as [ErrorCode, ...ErrorCode[]];

/** One line of a validation: what was looked at, what was found, and what to do where that is not right. */
const checkSchema = z.strictObject({
  name: z.string(),
  status: z.enum(["pass", "warn", "fail", "skipped"]),
  found: z.string(),
  /** Null where there is nothing to do. */
  fix: z.string().nullable(),
  /** The code that the gateway's functions fail with because of it; docs/errors.md explains each. */
  code: z.enum(codes).nullable(),
});

const time = z.iso.datetime();

/** What is known of a credential. A check that was not made is skipped and says why: none passes unmade. */
export const validationSchema = z.strictObject({
  status: z.enum(["pass", "warn", "fail"]),
  userMessage: z.string(),
  checks: z.array(checkSchema),
  /** Null where it could not be opened. */
  certificate: z
    .strictObject({
      subject: z.string(),
      /** SHA-1 in hexadecimal, as Microsoft Entra ID shows it. */
      thumbprint: z.string(),
      notBefore: time,
      notAfter: time,
      /** Whole days; negative when it has expired. */
      daysLeft: z.int(),
    })
    .nullable(),
  asOf: time,
  durationMs: z.number(),
});

export type Check = z.infer<typeof checkSchema>;
export type Validation = z.infer<typeof validationSchema>;
