import * as z from "zod";
import { candidateSchema } from "#directory/recipients";
import { referenceSchema } from "#directory/reference";
import { unusableReasons } from "#directory/owners";
import { identitySchema, restrictionSchema } from "#exchange/values";
import { answerFields, refusalSchema } from "#lookups/answer";

export const findGroupOwnersEventSchema = z.strictObject({
  group: identitySchema.describe("Address, alias, GUID, distinguished name or name of one distribution list."),
});

const ownerSchema = referenceSchema.extend({
  kind: z.literal("person"),
  isEnabled: z.boolean().nullable().describe("Whether the account may sign in; null where Exchange does not say."),
  through: referenceSchema.nullable().describe("The list that is an owner and has this person; null for an owner."),
});

const unusableSchema = z.strictObject({
  owner: z.string().describe("As Exchange names it."),
  reason: z.enum(unusableReasons),
  explanation: z.string().describe("A sentence an employee understands."),
  found: referenceSchema.nullable().describe("What it is, where that is known."),
  candidates: z.array(candidateSchema),
});

export const groupOwnersSchema = z.strictObject({
  status: z.literal("found"),
  group: referenceSchema,
  joinRestriction: restrictionSchema
    .nullable()
    .describe("Closed: only an owner adds people. null where Exchange does not say."),
  departRestriction: restrictionSchema.nullable(),
  isApprovalNeeded: z.boolean().nullable().describe("false where anybody may join; null where that is not known."),
  owners: z.array(ownerSchema),
  owningGroups: z
    .array(referenceSchema.extend({ complete: z.boolean(), reason: z.string().nullable() }))
    .describe("Lists that are owners, and whether all people in them are told."),
  unusable: z.array(unusableSchema).describe("Owners in whose place nobody can be asked."),
  hasUsableOwner: z.boolean().describe("Whether there is a person among the owners whose account is not disabled."),
  ...answerFields,
});

export const findGroupOwnersAnswerSchema = z.union([groupOwnersSchema, refusalSchema]);

export type GroupOwners = z.infer<typeof groupOwnersSchema>;
