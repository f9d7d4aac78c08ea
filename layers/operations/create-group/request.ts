import { createHash } from "node:crypto";
import anyAscii from "any-ascii";
import * as z from "zod";
import { kindOfIdentity } from "#directory/identity";
import { withoutEdges } from "#directory/pasted-identity";
import { namedSchema } from "#directory/reference";
import {
  addressSchema,
  aliasSchema,
  displayNameSchema,
  longest,
  nameSchema,
  noteSchema,
  restrictionSchema,
  textSchema,
} from "#exchange/values";
import { memberStateSchema } from "#operations/add-group-members/add-members";
import { describeTooMany, memberListSchema, requestFields } from "#operations/message";
import type { Attempt } from "#operations/operation-type";
import { formatCount, quote } from "#runtime/text";

const mostOwners = 50;

export const createGroupRequestSchema = z.strictObject({
  ...requestFields,
  name: textSchema
    .meta({ maxLength: longest.name })
    .describe(`Unique in the organization, at most ${longest.name} characters; a naming policy may add to it.`),
  alias: textSchema
    .exactOptional()
    .describe(`At most ${longest.alias} characters. Made of the name where it is absent: one that is free.`),
  displayName: textSchema
    .exactOptional()
    .describe(`At most ${longest.displayName} characters; the name where it is absent.`),
  primarySmtpAddress: textSchema.exactOptional().describe("Made of the alias by Exchange where it is absent."),
  owners: z
    .array(textSchema)
    .meta({ minItems: 1, maxItems: mostOwners })
    .describe(`People who decide who is in it, at most ${mostOwners}.`),
  members: memberListSchema.exactOptional(),
  type: z.enum(["distribution", "security"]).exactOptional().describe("distribution where it is absent."),
  joinRestriction: restrictionSchema.exactOptional(),
  departRestriction: restrictionSchema.exactOptional(),
  description: textSchema.exactOptional().describe(`At most ${formatCount(longest.note)} characters.`),
  requireSenderAuthentication: z.boolean().exactOptional(),
});

export type CreateGroupRequest = z.infer<typeof createGroupRequestSchema>;

/** The request without the blanks and what cannot be seen at the ends of its texts: they are nobody's wish. */
export function tidyRequest(request: CreateGroupRequest): CreateGroupRequest {
  const texts = ["name", "alias", "displayName", "primarySmtpAddress", "description"] as const;
  const tidied = texts.flatMap((field) =>
    request[field] === undefined ? [] : [[field, withoutEdges(request[field])]],
  );
  return { ...request, ...Object.fromEntries(tidied) };
}

/** What of a request can be no group's, as a sentence for whoever asked; undefined where nothing is wrong with it. */
export function findContentProblem(request: CreateGroupRequest): string | undefined {
  const { name, alias, displayName, primarySmtpAddress, description, owners, members = [] } = request;
  const { type, joinRestriction, departRestriction } = request;
  if (owners.length === 0) return "A list needs an owner. Please name somebody who decides who is in it.";
  if (owners.length > mostOwners)
    return `A list can be given at most ${mostOwners} owners; there are ${owners.length}.`;
  if (type === "security" && (joinRestriction === "Open" || departRestriction === "Open")) {
    return "Nobody may come to a security group, or go, by themselves. Please choose another kind of list, or let owners decide.";
  }
  return (
    describeTooMany(members) ??
    problemOf("name", name, nameSchema, longest.name) ??
    problemOf("alias", alias, aliasSchema, longest.alias) ??
    problemOf("shown name", displayName, displayNameSchema, longest.displayName) ??
    problemOf("address", primarySmtpAddress, addressSchema, longest.address) ??
    problemOf("description", description, noteSchema, longest.note) ??
    describeMisleading(name, displayName)
  );
}

function problemOf(what: string, text: string | undefined, schema: z.ZodType, most: number): string | undefined {
  if (text === undefined) return undefined;
  if (text === "") return `The ${what} is empty.`;
  if (text.length > most) {
    return `The ${what} may have at most ${most} characters; this one has ${text.length}. Please choose a shorter one.`;
  }
  const { error } = schema.safeParse(text);
  const reason = error?.issues[0]?.message;
  return reason && `The ${what} ${quote(text)} ${reason}. Please choose another one.`;
}

/** A list that is called like an address would get what is sent to whoever has it, from everybody who types it. */
function describeMisleading(name: string, displayName = name): string | undefined {
  const misleading = [name, displayName].find((each) => kindOfIdentity(each) !== "name");
  if (misleading === undefined) return undefined;
  return `A list cannot be called "${misleading}", which looks like an address or an id. Please choose another name.`;
}

/**
 * The alias where the request names none, and those that are tried after it where it is taken, by their number: letters,
 * digits and hyphens of the name as it is written in Latin; where it has none of these, something that stays the same for
 * this operation.
 */
export function aliasOf({ name, operationId }: CreateGroupRequest, number = 1): string {
  const letters = anyAscii(name.normalize("NFC"))
    .replaceAll(/[^A-Za-z0-9]+/g, "-")
    .replaceAll(/^-|-$/g, "");
  const alias = letters || `list-${createHash("sha256").update(operationId).digest("hex").slice(0, 12)}`;
  const suffix = number === 1 ? "" : `-${number}`;
  return alias.slice(0, longest.alias - suffix.length).replace(/-$/, "") + suffix;
}

/** The alias to try after this one; undefined where enough have been tried. */
export function aliasAfter(alias: string, request: CreateGroupRequest): string | undefined {
  const numbers = Array.from({ length: mostAliases }, (_, index) => index + 1);
  const tried = numbers.find((number) => aliasOf(request, number) === alias) ?? mostAliases;
  return tried < mostAliases ? aliasOf(request, tried + 1) : undefined;
}

const mostAliases = 10;

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
