import * as z from "zod";

const trouble = {
  error: z.looseObject({ code: z.string() }).nullish().catch(null),
  userMessage: z.string().nullish().catch(null),
};

/** What is read here of a result message. A field that is not as it should be is passed over, the result is not. */
const resultMessageSchema = z.looseObject({
  operationId: z.unknown(),
  action: z.string().nullish().catch(null),
  final: z.boolean().default(true).catch(true),
  outcome: z.string().catch("unknown"),
  ...trouble,
  group: z
    .union([z.string(), z.record(z.string(), z.unknown())])
    .nullish()
    .catch(null),
  members: z
    .array(z.looseObject({ member: z.string(), outcome: z.string(), ...trouble }))
    .nullish()
    .catch(null),
});

export type ResultMessage = z.infer<typeof resultMessageSchema>;

/** Undefined where the text is no JSON object. */
export function parseResultMessage(text: string): ResultMessage | undefined {
  try {
    return resultMessageSchema.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}
