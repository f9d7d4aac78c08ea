import { z } from "zod";

const guid = z.string().regex(/^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/, "is no GUID in lower case");
const knownText = z.string().min(1).nullable().exactOptional();
const knownTime = z.iso.datetime({ precision: 3 }).nullable().exactOptional();

/**
 * A person or a resource of the directory, from whichever source. One rule for what is not there: a field that is
 * **absent** cannot be known from the source, **null** (or an empty list) is known to be empty. No text is ever "".
 */
export const userSchema = z.strictObject({
  /** Stays with the object for life: Exchange's ExchangeObjectId, else its Guid. */
  id: guid,
  /** The object's id in Microsoft Entra ID, to join by. Absent where Exchange does not know it (yet). */
  entraId: guid.exactOptional(),
  userPrincipalName: knownText,
  primaryAddress: knownText,
  /** Further mail addresses, without prefix, in Exchange's order. */
  otherAddresses: z.array(z.string().min(1)).exactOptional(),
  displayName: knownText,
  firstName: knownText,
  lastName: knownText,
  /** The object's short name; for people made since November 2022 it is their Entra id. */
  name: knownText,
  department: knownText,
  title: knownText,
  /** The manager's short name, which can be a GUID too; not an address. */
  manager: knownText,
  company: knownText,
  office: knownText,
  phones: z.strictObject({ business: knownText, mobile: knownText }).exactOptional(),
  /** Exchange's RecipientTypeDetails, such as UserMailbox. */
  recipientType: z.string().min(1),
  /** Left out of the address lists. */
  isHidden: z.boolean().nullable().exactOptional(),
  /** ISO 8601, UTC, milliseconds. */
  changedAt: knownTime,
  createdAt: knownTime,
});

export type User = z.infer<typeof userSchema>;

/** A user as a source reads it: every field said, undefined where the source cannot know it. */
export type UserFields = { [Field in keyof User]-?: User[Field] | undefined };

/** The record without the fields that are not known; a failure says which field is wrong, never its value. */
export function parseUser(fields: UserFields) {
  const known = Object.entries(fields).filter(([, value]) => value !== undefined);
  return userSchema.safeParse(Object.fromEntries(known));
}
