import * as z from "zod";
import { incompleteReasons, unresolvedSchema } from "#directory/expansion";
import { guidSchema } from "#directory/records";
import { referenceSchema } from "#directory/reference";
import { answerFields, namedSchema, refusalSchema } from "#lookups/answer";

const listedMemberSchema = referenceSchema.extend({
  path: z
    .array(referenceSchema.pick({ id: true, name: true }))
    .exactOptional()
    .describe("With scope all: the lists between, one of the shortest ways; empty for a direct member."),
});

const listFields = {
  status: z.literal("found"),
  group: referenceSchema,
  scope: z.enum(["direct", "all"]),
  count: z.int().nonnegative().describe("How many members are listed, lists among them."),
  cycles: z.array(z.array(namedSchema)).describe("Rings of lists that contain each other, as far as they were read."),
  unexpanded: z
    .array(referenceSchema.extend({ foundIn: guidSchema }))
    .describe("With scope all: teams and dynamic lists found inside, whose people are missing."),
  unresolved: z
    .strictObject({ count: z.int().nonnegative(), first: z.array(unresolvedSchema) })
    .describe("Members and lists that could not be read: how many, and the first 100."),
  complete: z.boolean().describe("Whether these are all members of that scope."),
  reason: z
    .enum(["limit", ...incompleteReasons])
    .nullable()
    .describe("The first reason why not."),
  ...answerFields,
};

export const memberListSchema = z.strictObject({ ...listFields, members: z.array(listedMemberSchema) });

/** The answer where it is too large for Lambda: the same with members lies in the bucket, as gzip JSON. */
export const storedMemberListSchema = z.strictObject({
  ...listFields,
  membersKey: z.string(),
  membersBytes: z.int().positive(),
  membersSha256: z.string(),
});

export const accessSchema = z.strictObject({
  status: z.literal("found"),
  group: referenceSchema,
  member: referenceSchema,
  isMember: z.boolean(),
  how: z.enum(["direct", "nested"]).nullable(),
  path: z
    .array(referenceSchema)
    .describe("Where nested: the lists between, from the one in the group down; a shortest way."),
  ...answerFields,
});

export const listGroupMembersAnswerSchema = z.union([
  memberListSchema,
  storedMemberListSchema,
  accessSchema,
  refusalSchema,
]);

export type MemberList = z.infer<typeof memberListSchema>;
export type StoredMemberList = z.infer<typeof storedMemberListSchema>;
export type AccessAnswer = z.infer<typeof accessSchema>;
export type ListGroupMembersAnswer = z.infer<typeof listGroupMembersAnswerSchema>;
