import * as z from "zod";
import { restrictionSchema } from "#exchange/values";

/** A GUID in lower case. */
export const guidSchema = z.string().regex(/^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/, "is no GUID in lower case");

/** Text that is not empty; null where it is known to be empty, absent where it cannot be known. */
export const knownTextSchema = z.string().min(1).nullable().exactOptional();

/** ISO 8601, UTC, milliseconds; null and absent as with text. */
const knownTimeSchema = z.iso.datetime({ precision: 3 }).nullable().exactOptional();

/**
 * A person or a resource of the directory, from whichever source. One rule for what is not there: a field that is
 * **absent** cannot be known from the source, **null** (or an empty list) is known to be empty. No text is ever "".
 */
const userSchema = z.strictObject({
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

const restriction = restrictionSchema.nullable().exactOptional();
const knownFlag = z.boolean().nullable().exactOptional();
const knownList = z.array(z.string().min(1)).exactOptional();

/**
 * A distribution group, mail-enabled security group or room list. One rule for what is not there: a field that is
 * **absent** cannot be known, **null** (or an empty list) is known to be empty. No text is ever "".
 */
export const groupSchema = z.strictObject({
  /** Stays with the object for life: Exchange's ExchangeObjectId, else its Guid. */
  id: guidSchema,
  /** The object's id in Microsoft Entra ID, to join by. Absent where Exchange does not know it (yet). */
  entraId: guidSchema.exactOptional(),
  displayName: knownTextSchema,
  /** The object's short name, which is also its identity in other objects' lists. */
  name: knownTextSchema,
  alias: knownTextSchema,
  primaryAddress: knownTextSchema,
  /** Further mail addresses, without prefix, in Exchange's order. */
  otherAddresses: knownList,
  /** What the group is, from its RecipientTypeDetails. */
  type: z.enum(["distribution", "security", "roomList"]),
  /** Exchange's RecipientTypeDetails, such as MailUniversalDistributionGroup. */
  recipientType: z.string().min(1),
  /**
   * ManagedBy as Exchange gives it: short names, which can be GUIDs, and role groups, which are no person. Never addresses.
   */
  owners: knownList,
  /** Address and display name of each owner, as Exchange writes them; absent where the app may not ask for them. */
  ownerNames: knownList,
  joinRestriction: restriction,
  departRestriction: restriction,
  /** Kept on-premises and copied to Exchange Online, where it cannot be changed. */
  isMasteredOnPremises: knownFlag,
  /** Left out of the address lists. */
  isHidden: knownFlag,
  /** Only people of the organization may write to it. */
  requiresSenderAuthentication: knownFlag,
  isModerated: knownFlag,
  /** ModeratedBy as Exchange gives it: short names, as with owners. */
  moderators: knownList,
  /** The lines of the description. */
  description: knownList,
  /** ISO 8601, UTC, milliseconds. */
  changedAt: knownTimeSchema,
  createdAt: knownTimeSchema,
});

export type Group = z.infer<typeof groupSchema>;

/** The record without the fields that are not known; a failure says which field is wrong, never its value. */
export function parseGroup(fields: Fields<Group>) {
  return groupSchema.safeParse(knownFields(fields));
}

/**
 * Somebody or something in a group. One rule for what is not there: a field that is **absent** cannot be known, **null** is
 * known to be empty. No text is ever "".
 */
const memberSchema = z.strictObject({
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

/** A record as a source reads it: every field said, undefined where the source cannot know it. */
export type Fields<Item> = { [Field in keyof Item]-?: Item[Field] | undefined };

/** The fields that are known. */
export function knownFields(fields: object): object {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}
