import * as z from "zod";
import { type Fields, knownFields } from "#directory/known-fields";
import { guidSchema, knownTextSchema, knownTimeSchema } from "#directory/record-fields";
import { restrictionSchema } from "#exchange/values";

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
