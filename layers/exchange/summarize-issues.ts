import type * as z from "zod";

/** What is wrong, field by field on one line, without any value. */
export function summarizeIssues(error: z.ZodError): string {
  return error.issues.map((issue) => [issue.path.join("."), issue.message].filter(Boolean).join(": ")).join("; ");
}
