import { createHash } from "node:crypto";
import * as z from "zod";
import { namedSchema } from "#directory/reference";
import {
  addressSchema,
  aliasSchema,
  displayNameSchema,
  identitySchema,
  nameSchema,
  noteSchema,
  restrictionSchema,
} from "#exchange/values";
import { memberStateSchema } from "#operations/add-group-members/add-members";
import { memberListSchema, requestFields } from "#operations/message";
import type { Attempt } from "#operations/operation-type";

export const createGroupRequestSchema = z
  .strictObject({
    ...requestFields,
    name: nameSchema.describe("Unique in the organization; a naming policy may add to it."),
    alias: aliasSchema.exactOptional().describe("Made of the name where it is absent."),
    displayName: displayNameSchema.exactOptional(),
    primarySmtpAddress: addressSchema.exactOptional().describe("Made of the alias by Exchange where it is absent."),
    owners: z.array(identitySchema).min(1).max(50).describe("People who decide who is in it."),
    members: memberListSchema.exactOptional(),
    type: z.enum(["distribution", "security"]).exactOptional().describe("distribution where it is absent."),
    joinRestriction: restrictionSchema.exactOptional(),
    departRestriction: restrictionSchema.exactOptional(),
    description: noteSchema.exactOptional(),
    requireSenderAuthentication: z.boolean().exactOptional(),
  })
  .refine(
    ({ type, joinRestriction, departRestriction }) =>
      type !== "security" || (joinRestriction !== "Open" && departRestriction !== "Open"),
    "Nobody may come to a security group, or go, by themselves: Open is for distribution groups.",
  );

export type CreateGroupRequest = z.infer<typeof createGroupRequestSchema>;

/**
 * The alias where the request names none: letters, digits and hyphens of the name; where it has none of these, something
 * that stays the same for this operation.
 */
export function aliasOf({ name, operationId }: CreateGroupRequest): string {
  const alias = name
    .normalize("NFKD")
    .replaceAll(/\p{M}/gu, "")
    .replaceAll(/[^A-Za-z0-9]+/g, "-")
    .replaceAll(/^-|-$/g, "")
    .slice(0, 64);
  return alias || `list-${createHash("sha256").update(operationId).digest("hex").slice(0, 12)}`;
}

/** What is known of a group that is to be made. */
export const createGroupStateSchema = z.strictObject({
  alias: z.string(),
  /** Ids of the owners, once each is known for one person. */
  owners: z.array(z.string()).nullable(),
  /** When Exchange was about to be told to make the group, and there was none. */
  intendedAt: z.iso.datetime().nullable(),
  group: namedSchema.nullable(),
  members: z.array(memberStateSchema),
});

export type CreateGroupState = z.infer<typeof createGroupStateSchema>;
export type CreateGroupAttempt = Attempt<CreateGroupState>;
