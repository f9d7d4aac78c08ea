import * as z from "zod";
import { type Fields, knownFields } from "#directory/known-fields";
import { guidSchema, knownTextSchema, knownTimeSchema } from "#directory/record-fields";

/**
 * A person or a resource of the directory, from whichever source. One rule for what is not there: a field that is
 * **absent** cannot be known from the source, **null** (or an empty list) is known to be empty. No text is ever "".
 */
export const userSchema = z.strictObject({
  /** Stays with the object for life: Exchange's ExchangeObjectId, else its Guid. */
  id: guidSchema,
  /** The object's id in Microsoft Entra ID, to join by. Absent where Exchange does not know it (yet). */
  entraId: guidSchema.exactOptional(),
  userPrincipalName: knownTextSchema,
  primaryAddress: knownTextSchema,
  /** Further mail addresses, without prefix, in Exchange's order. */
  otherAddresses: z.array(z.string().min(1)).exactOptional(),
  displayName: knownTextSchema,
  firstName: knownTextSchema,
  lastName: knownTextSchema,
  /** The object's short name; for people made since November 2022 it is their Entra id. */
  name: knownTextSchema,
  department: knownTextSchema,
  title: knownTextSchema,
  /** The manager's short name, which can be a GUID too; not an address. */
  manager: knownTextSchema,
  company: knownTextSchema,
  office: knownTextSchema,
  phones: z.strictObject({ business: knownTextSchema, mobile: knownTextSchema }).exactOptional(),
  /** Exchange's RecipientTypeDetails, such as UserMailbox. */
  recipientType: z.string().min(1),
  /** Left out of the address lists. */
  isHidden: z.boolean().nullable().exactOptional(),
  /** ISO 8601, UTC, milliseconds. */
  changedAt: knownTimeSchema,
  createdAt: knownTimeSchema,
});

export type User = z.infer<typeof userSchema>;

/** A user as a source reads it. */
export type UserFields = Fields<User>;

/** The record without the fields that are not known; a failure says which field is wrong, never its value. */
export function parseUser(fields: UserFields) {
  return userSchema.safeParse(knownFields(fields));
}
