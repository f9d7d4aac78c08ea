import * as z from "zod";
import { candidateSchema } from "#directory/recipients";
import { referenceSchema } from "#directory/reference";

/** What every answer says. */
export const answerFields = {
  userMessage: z.string().describe("Sentences an employee understands."),
  source: z.literal("live").describe("Read from Exchange for this answer."),
  asOf: z.iso.datetime().describe("When reading began."),
};

/** An object without its type, where that follows from what is asked. */
export const namedSchema = referenceSchema.omit({ type: true });

/** The answer where there is not the one group, or the one member, to look at. */
export const refusalSchema = z.strictObject({
  status: z
    .enum(["notFound", "ambiguous", "unsupported"])
    .describe("unsupported: a group of a kind that cannot be looked at."),
  about: z.enum(["group", "member"]).describe("Which of what was asked it is about."),
  group: namedSchema.nullable().describe("The one that was found, where it is unsupported."),
  candidates: z.array(candidateSchema).describe("What an ambiguous name may have meant, at most 10."),
  ...answerFields,
});

export type Refusal = z.infer<typeof refusalSchema>;
