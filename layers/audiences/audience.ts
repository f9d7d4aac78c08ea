import * as z from "zod";
import { beginExpansion, expansionStateSchema, type GroupReference } from "#directory/expansion";
import { pageSchema } from "#storage/pages";

/** What is known of everybody in a group when so many groups have been read: a checkpoint that another attempt goes on from. */
export const audienceSchema = z.strictObject({
  readStartedAt: z.iso.datetime(),
  /** null until every group is read. */
  readEndedAt: z.iso.datetime().nullable(),
  expansion: expansionStateSchema,
  /** The members found so far, those of types that were not asked for left out. */
  pages: z.array(pageSchema),
  /** The ids of those that were left out, which have been found as well. */
  leftOut: z.array(pageSchema),
  /** What Exchange warned of: the first texts, each once, and how many warnings there were. */
  warnings: z.strictObject({ count: z.int().nonnegative(), texts: z.array(z.string()) }),
});

export type Audience = z.infer<typeof audienceSchema>;

const namedWarnings = 20;

/** An audience of which nothing has been read. */
export function beginAudience(group: GroupReference): Audience {
  return {
    readStartedAt: new Date().toISOString(),
    readEndedAt: null,
    expansion: beginExpansion(group),
    pages: [],
    leftOut: [],
    warnings: { count: 0, texts: [] },
  };
}

export function noteWarning(warnings: Audience["warnings"], text: string): void {
  warnings.count += 1;
  if (warnings.texts.length < namedWarnings && !warnings.texts.includes(text)) warnings.texts.push(text);
}
