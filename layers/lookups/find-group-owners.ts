import * as z from "zod";
import { candidateSchema } from "#directory/identity";
import { findOwners, type UnusableOwner, unusableReasons } from "#directory/owners";
import { referenceSchema, referTo } from "#directory/reference";
import { findDistributionGroup, kindOf } from "#directory/resolve-group";
import type { ExchangeReader } from "#exchange/client";
import { identitySchema, restrictionSchema } from "#exchange/values";
import {
  type Attempt,
  answerFields,
  openMembersOnce,
  type Refusal,
  refusalSchema,
  refuseGroup,
} from "#lookups/look-up";
import { quote } from "#runtime/text";

/** Who can be asked about a group, and whether anybody has to be. */
export async function findGroupOwners(
  reader: ExchangeReader,
  { group: identity }: { group: string },
  { deadline, asOf }: Attempt,
): Promise<GroupOwners | Refusal> {
  const found = await findDistributionGroup(reader, identity, { cannot: "Who owns it cannot be told here.", deadline });
  if ("refusal" in found) return refuseGroup(found.refusal, asOf);

  const openMembers = openMembersOnce(reader, { deadline });
  const { owners, groups, unusable } = await findOwners(reader, found.found, { openMembers, deadline });
  const { joinRestriction = null, departRestriction = null } = found.found;
  const answer = {
    group: referTo(found.found),
    joinRestriction,
    departRestriction,
    isApprovalNeeded: joinRestriction && joinRestriction !== "Open",
    owners: owners.map(({ person, ...owner }) => ({ kind: "person" as const, ...person, ...owner })),
    owningGroups: groups.map(({ group, reason }) => ({ ...group, complete: reason === null, reason })),
    unusable: unusable.map((owner) => ({ ...owner, explanation: explainUnusable(owner) })),
  };
  const hasUsableOwner = answer.owners.some(isUsable);
  return { status: "found", ...answer, hasUsableOwner, userMessage: describeOwners(answer), source: "live", asOf };
}

type Owner = GroupOwners["owners"][number];
type Described = Pick<GroupOwners, "group" | "joinRestriction" | "owners" | "unusable">;

/** So many are named in a sentence; the answer has them all. */
const named = 5;

const joining = {
  Open: "Nobody has to approve: anybody may join.",
  Closed: "Only an owner can add people.",
  ApprovalRequired: "An owner has to approve who joins.",
} as const;

/** Whether an owner can be asked: not known to be disabled. */
function isUsable({ isEnabled }: Owner): boolean {
  return isEnabled !== false;
}

/** Who owns a group, who of them cannot be asked and why, and whether anybody has to be, in sentences. */
function describeOwners({ group, joinRestriction, owners, unusable }: Described): string {
  const usable = owners.filter(isUsable);
  const disabled = owners.filter((owner) => !isUsable(owner));
  return [
    describeUsable(group.name, usable),
    ...(disabled.length > 0 ? [describeDisabled(disabled)] : []),
    ...unusable.slice(0, named).map(({ explanation }) => explanation),
    ...(unusable.length > named ? [`So it is with ${unusable.length - named} more of the owners.`] : []),
    ...(usable.length === 0 ? ["An Exchange administrator has to name a new owner."] : []),
    ...(joinRestriction ? [joining[joinRestriction]] : []),
  ].join(" ");
}

function describeUsable(group: string, owners: Owner[]): string {
  if (owners.length === 0) return `${group} has no owner who can be asked.`;
  return `${group} is owned by ${nameAll(owners)}.`;
}

function describeDisabled(owners: Owner[]): string {
  return owners.length === 1
    ? `The account of the owner ${nameAll(owners)} is disabled.`
    : `The accounts of the owners ${nameAll(owners)} are disabled.`;
}

function nameAll(owners: Owner[]): string {
  const more = owners.length - named;
  const names = [...owners.slice(0, named).map(nameOwner), ...(more > 0 ? [`${more} more`] : [])];
  return new Intl.ListFormat("en-GB").format(names);
}

/** With the address, because two people can have the same name. */
function nameOwner({ name, address, through }: Owner): string {
  const more = [...(address === null ? [] : [address]), ...(through === null ? [] : [`through ${through.name}`])];
  return more.length === 0 ? name : `${name} (${more.join(", ")})`;
}

/** Why nobody can be asked in an owner's place, as an employee is told. */
function explainUnusable({ owner, reason, found }: UnusableOwner): string {
  const name = found?.name ?? quote(owner);
  const type = found?.type ?? "";
  switch (reason) {
    case "roleGroup":
      return `The owner ${name} is a role group of administrators, to which nobody can write.`;
    case "notFound":
      return `The owner ${name} is gone, or a role group of the organization's own.`;
    case "ambiguous":
      return `The owner ${name} can be several people or lists, and it is not certain which.`;
    case "notPerson":
      return `The owner ${name} is neither a person nor a list (${type}).`;
    case "unlistedGroup":
      return `The owner ${name} is ${kindOf({ recipientType: type })}, and who is in it is not known here.`;
    case "emptyGroup":
      return `The owner ${name} is a list in which there are no people.`;
  }
}

export const findGroupOwnersEventSchema = z.strictObject({
  group: identitySchema.describe("Address, alias, GUID, distinguished name or name of one distribution list."),
});

const ownerSchema = referenceSchema.extend({
  kind: z.literal("person"),
  isEnabled: z.boolean().nullable().describe("Whether the account may sign in; null where Exchange does not say."),
  through: referenceSchema.nullable().describe("The list that is an owner and has this person; null for an owner."),
});

const unusableSchema = z.strictObject({
  owner: z.string().describe("As Exchange names it."),
  reason: z.enum(unusableReasons),
  explanation: z.string().describe("A sentence an employee understands."),
  found: referenceSchema.nullable().describe("What it is, where that is known."),
  candidates: z.array(candidateSchema),
});

export const groupOwnersSchema = z.strictObject({
  status: z.literal("found"),
  group: referenceSchema,
  joinRestriction: restrictionSchema
    .nullable()
    .describe("Closed: only an owner adds people. null where Exchange does not say."),
  departRestriction: restrictionSchema.nullable(),
  isApprovalNeeded: z.boolean().nullable().describe("false where anybody may join; null where that is not known."),
  owners: z.array(ownerSchema),
  owningGroups: z
    .array(referenceSchema.extend({ complete: z.boolean(), reason: z.string().nullable() }))
    .describe("Lists that are owners, and whether all people in them are told."),
  unusable: z.array(unusableSchema).describe("Owners in whose place nobody can be asked."),
  hasUsableOwner: z.boolean().describe("Whether there is a person among the owners whose account is not disabled."),
  ...answerFields,
});

export const findGroupOwnersAnswerSchema = z.union([groupOwnersSchema, refusalSchema]);

export type GroupOwners = z.infer<typeof groupOwnersSchema>;
