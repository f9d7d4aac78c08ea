import * as z from "zod";
import { type Candidate, candidateSchema } from "#directory/identity";
import { type NamedObject, namedSchema, referenceSchema } from "#directory/reference";
import { type ErrorCode, errorCodes } from "#runtime/errors";

const count = z.int().nonnegative();

/** Everybody in a group, as far as it was found out; the manifest has the whole of what is told here in part. */
const audienceReportSchema = z.strictObject({
  members: count.describe("Direct and indirect members, each once, groups among them."),
  byType: z.record(z.string(), count).describe("The same by Exchange's RecipientTypeDetails."),
  groups: count.describe("Lists that were read, the one that was asked for among them."),
  cycles: z.strictObject({
    count,
    first: z.array(z.array(referenceSchema)).describe("Rings of lists that contain each other, the first of each."),
  }),
  unexpanded: z.strictObject({
    count,
    first: z.array(referenceSchema).describe("Groups in it whose members cannot be listed: teams, dynamic lists."),
  }),
  unresolved: z.strictObject({
    count,
    first: z
      .array(z.strictObject({ id: z.string().nullable(), foundIn: z.string(), reason: z.string() }))
      .describe("Members that could not be read, and lists that were gone, by id and the id of the list they are in."),
  }),
  complete: z.boolean().describe("Whether these are all the members there are."),
  reason: z
    .enum(["deadline", "queries", "unread", "unresolved", "unexpanded"])
    .nullable()
    .describe("The first reason why they are not: time, lists not read yet, or what the fields of that name say."),
  readStartedAt: z.iso.datetime(),
  readEndedAt: z.iso.datetime().nullable(),
  manifestKey: z.string().nullable().describe("In the bucket: names the pages. null where none are written."),
  manifestSha256: z.string().nullable(),
  pages: count,
});

export type AudienceReport = z.infer<typeof audienceReportSchema>;

type More = {
  /** What the people who run the gateway are told, where that is more. */
  message?: string;
  group?: NamedObject | null;
  candidates?: Candidate[];
};

/** The result of a request that asks for what is not there, not clear or not allowed. Nothing was changed. */
export function reject(
  code: ErrorCode,
  userMessage: string,
  { message = userMessage, ...more }: More = {},
): { body: ResultBody } {
  return { body: toResultBody({ outcome: "rejected", error: { code, message }, userMessage, ...more }) };
}

/** How an operation has ended that did nothing because of this: it depends on whose trouble it is. */
export function outcomeOfError(code: ErrorCode): "rejected" | "failed" {
  return errorCodes[code].trouble === "request" ? "rejected" : "failed";
}

/** A result of which nothing is to be said beside what is given. */
export function toResultBody(said: Pick<ResultBody, "outcome" | "userMessage"> & Partial<ResultBody>): ResultBody {
  return { error: null, group: null, candidates: [], ...said };
}

const codes = Object.keys(errorCodes) as [ErrorCode, ...ErrorCode[]];

const errorSchema = z.strictObject({
  code: z.enum(codes).describe("docs/errors.md says what each means."),
  message: z.string().describe("For the people who run the gateway."),
});

export const memberReportSchema = z.strictObject({
  member: z.string().describe("As it was asked for; what is longer than any identity ends with …"),
  outcome: z
    .enum(["added", "alreadyMember", "notFound", "suggested", "ambiguous", "notAllowed", "failed", "wouldBeAdded"])
    .describe(
      "wouldBeAdded: of a dry run, who is not in the group yet. suggested: the candidate is called so, and may be meant.",
    ),
  id: z.string().nullable().describe("ExchangeObjectId, where the member was found."),
  name: z.string().nullable(),
  address: z.string().nullable(),
  error: errorSchema.nullable(),
  userMessage: z
    .string()
    .exactOptional()
    .describe("Why, or what else there is to know: a sentence an employee understands. Only where there is something."),
  candidates: z.array(candidateSchema).describe("Whom an ambiguous name may have meant, at most 10."),
});

const bodyFields = {
  outcome: z.enum(["succeeded", "partial", "rejected", "failed", "pending"]),
  error: errorSchema.nullable(),
  userMessage: z.string().describe("Sentences an employee understands."),
  group: namedSchema.nullable(),
  candidates: z.array(candidateSchema).describe("Which groups or owners an ambiguous name may have meant."),
};

const resultFields = {
  version: z.literal(1).describe("Of this form of results."),
  operationId: z.string().nullable().describe("null where the request had none that could be read."),
  tenant: z.string().nullable(),
  final: z.boolean().describe("Of each operation one result is final; it may come more than once, unchanged."),
  dryRun: z.boolean(),
  ...bodyFields,
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
};

const membersSchema = z.array(memberReportSchema).describe("What became of each member that was asked for.");
const foundAudienceSchema = audienceReportSchema.nullable().describe("null where nothing was read.");

const changeResultSchema = z.strictObject({
  ...resultFields,
  action: z.enum(["add-group-members", "create-group"]),
  members: membersSchema,
});

const audienceResultSchema = z.strictObject({
  ...resultFields,
  action: z.literal("expand-audience"),
  audience: foundAudienceSchema,
});

/** The message that says what came of a request, by its action: what became of members, or who is in a list. */
export const resultSchema = z.discriminatedUnion("action", [changeResultSchema, audienceResultSchema]);

export type ChangeResult = z.infer<typeof changeResultSchema>;
export type AudienceResult = z.infer<typeof audienceResultSchema>;
export type Action = z.infer<typeof resultSchema>["action"];
export type Result = z.infer<typeof resultSchema>;
/** What an operation says of itself. What does not belong to its action is absent. */
export type ResultBody = z.infer<z.ZodObject<typeof bodyFields>> & {
  members?: MemberReport[] | undefined;
  audience?: AudienceReport | null | undefined;
};
export type MemberReport = z.infer<typeof memberReportSchema>;
export type ReportedError = z.infer<typeof errorSchema>;
