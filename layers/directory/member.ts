import * as z from "zod";
import { type Fields, knownFields } from "#directory/known-fields";
import { guidSchema, knownTextSchema } from "#directory/record-fields";

/**
 * Somebody or something in a group. One rule for what is not there: a field that is **absent** cannot be known, **null** is
 * known to be empty. No text is ever "".
 */
export const memberSchema = z.strictObject({
  /** Stays with the object for life: Exchange's ExchangeObjectId, else its Guid. */
  id: guidSchema,
  /** The object's id in Microsoft Entra ID, to join by. Absent where Exchange does not know it (yet). */
  entraId: guidSchema.exactOptional(),
  /** The object's short name; for people made since November 2022 it is their Entra id. */
  name: knownTextSchema,
  displayName: knownTextSchema,
  /** The primary mail address. */
  address: knownTextSchema,
  /** Exchange's RecipientTypeDetails, such as UserMailbox or MailUniversalDistributionGroup. */
  type: z.string().min(1),
});

export type Member = z.infer<typeof memberSchema>;

/** The record without the fields that are not known; a failure says which field is wrong, never its value. */
export function parseMember(fields: Fields<Member>) {
  return memberSchema.safeParse(knownFields(fields));
}
