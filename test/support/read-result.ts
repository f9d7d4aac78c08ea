import { type Action, type AudienceResult, type ChangeResult, resultSchema } from "#operations/result";

/** A result with all that one may tell: a test knows which action's it is, and that the other's fields are absent. */
export type AnyResult = Omit<ChangeResult, "action"> & Omit<AudienceResult, "action"> & { action: Action };

/** Reads the text of a result. Throws where it is none. */
export function readResult(text: string): AnyResult {
  return resultSchema.parse(JSON.parse(text)) as AnyResult;
}
