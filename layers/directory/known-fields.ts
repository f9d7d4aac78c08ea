/** A record as a source reads it: every field said, undefined where the source cannot know it. */
export type Fields<Item> = { [Field in keyof Item]-?: Item[Field] | undefined };

/** The fields that are known. */
export function knownFields(fields: object): object {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}
