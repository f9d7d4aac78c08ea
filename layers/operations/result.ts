import * as z from "zod";
import { audienceReportSchema } from "#operations/audience-report";
import { groupReportSchema } from "#operations/group-report";
import { type ErrorCode, errorCodes } from "#runtime/errors";

const count = z.int().nonnegative();

const codes = Object.keys(errorCodes) as [ErrorCode, ...ErrorCode[]];

const errorSchema = z.strictObject({
  code: z.enum(codes).describe("docs/errors.md says what each means."),
  message: z.string().describe("For the people who run the gateway."),
});

const candidateSchema = z.strictObject({ name: z.string(), address: z.string().nullable(), type: z.string() });

export const memberReportSchema = z.strictObject({
  member: z.string().describe("As it was asked for; what is longer than any identity ends with …"),
  outcome: z
    .enum(["added", "alreadyMember", "notFound", "ambiguous", "notAllowed", "failed", "wouldBeAdded"])
    .describe("wouldBeAdded is what a dry run says of who is not in the group yet."),
  id: z.string().nullable().describe("ExchangeObjectId, where the member was found."),
  name: z.string().nullable(),
  address: z.string().nullable(),
  error: errorSchema.nullable(),
  candidates: z.array(candidateSchema).describe("Whom an ambiguous name may have meant, at most 10."),
});

export const endingSchema = z.strictObject({
  outcome: z.enum(["succeeded", "partial", "rejected", "failed", "pending"]),
  error: errorSchema.nullable(),
  userMessage: z.string().describe("Sentences an employee understands."),
  group: groupReportSchema.nullable(),
  members: z.array(memberReportSchema),
  candidates: z.array(candidateSchema).describe("Which groups or owners an ambiguous name may have meant."),
  audience: audienceReportSchema.nullable().describe("What expand-audience has found; null for changes."),
});

/** The message that says what came of a request. */
export const resultSchema = z.strictObject({
  operationId: z.string().nullable().describe("null where the request had none that could be read."),
  tenant: z.string().nullable(),
  action: z.enum(["add-group-members", "create-group", "expand-audience"]),
  final: z.boolean().describe("Of each operation one result is final; it may come more than once, unchanged."),
  dryRun: z.boolean(),
  ...endingSchema.shape,
  attempts: count.describe("0 where the request was not begun."),
  requestedAt: z.string().nullable(),
  requestedBy: z.string().nullable(),
  endedAt: z.iso.datetime(),
  cut: z
    .strictObject({
      wholeKey: z.string().nullable().describe("Of the whole result, in the bucket; null without an operationId."),
      lists: z.partialRecord(z.enum(["members", "candidates", "cycles", "unexpanded", "unresolved"]), count),
    })
    .exactOptional()
    .describe(
      "Only where the result was too long for a queue: of which lists entries are left out, and how many there are.",
    ),
});

export type Action = z.infer<typeof resultSchema>["action"];
export type Result = z.infer<typeof resultSchema>;
export type Ending = z.infer<typeof endingSchema>;
export type MemberReport = z.infer<typeof memberReportSchema>;
export type Candidate = z.infer<typeof candidateSchema>;
export type ReportedError = z.infer<typeof errorSchema>;
