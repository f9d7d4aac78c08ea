import type * as z from "zod";
import { knownOwnerNames, knownText, knownTexts, knownTime } from "#directory/fields";
import { type Candidate, type IdentifiedRow, isExact, type Resolution } from "#directory/identity";
import { distributionGroupTypes, isDistributionGroupType } from "#directory/recipient-types";
import {
  findRecipient,
  type Recipient,
  readEach,
  recipientSchema,
  requireRecipient,
  toRecipientFields,
  unexpectedRow,
} from "#directory/recipients";
import { groupSchema, knownFields, knownTextSchema } from "#directory/records";
import { type Reference, referTo } from "#directory/reference";
import { explainUnresolved, type Unresolved } from "#directory/unresolved";
import type { ExchangeReader, ReadOptions } from "#exchange/client";
import { type DistributionGroupRow, getDistributionGroup } from "#exchange/cmdlets/distribution-group";
import type { RecipientType } from "#exchange/cmdlets/get-exorecipient";
import { objectId } from "#exchange/values";
import { ExchangeError } from "#runtime/errors";
import { summarizeIssues } from "#runtime/text";

/** A group as it is named to people. */
export type NamedGroup = Omit<Reference, "type">;

/** Why there is no group to work with, as an employee is told. */
export type GroupRefusal = {
  code: Unresolved["code"] | "GROUP_TYPE_UNSUPPORTED";
  userMessage: string;
  /** The one that was found, where it is of another kind. */
  group: NamedGroup | null;
  candidates: Candidate[];
};

/**
 * The one distribution group that an identity names, or why there is none. `cannot` is a sentence for a group of another kind,
 * such as "It cannot be changed here."
 */
export async function findDistributionGroup(
  reader: ExchangeReader,
  identity: string,
  { cannot, ...options }: ReadOptions & { cannot: string },
): Promise<{ found: ResolvedGroup; group: NamedGroup } | { refusal: GroupRefusal }> {
  return requireDistributionGroup(identity, await resolveGroup(reader, identity, options), cannot);
}

/** The distribution group in what an identity was resolved to, or why there is none. */
export function requireDistributionGroup<Found extends Recipient>(
  identity: string,
  resolution: Resolution<Found>,
  cannot: string,
): { found: Found; group: NamedGroup } | { refusal: GroupRefusal } {
  if (!("found" in resolution)) return { refusal: { ...explainUnresolved(identity, resolution, "list"), group: null } };
  const { found } = resolution;
  const { type: _, ...group } = referTo(found);
  if (isDistributionGroup(found)) return { found, group };
  const userMessage = `${group.name} is ${kindOf(found)}. ${cannot}`;
  return { refusal: { code: "GROUP_TYPE_UNSUPPORTED", userMessage, group, candidates: [] } };
}

/** What a recipient is that is no distribution group, as the end of a sentence. */
export function kindOf({ recipientType }: Pick<Recipient, "recipientType">): string {
  if (recipientType === "GroupMailbox") return "a Microsoft 365 group (a team)";
  if (recipientType === "DynamicDistributionGroup") return "a dynamic list, whose members follow from a rule";
  return `no list (${recipientType})`;
}

const groupTypes: RecipientType[] = [...distributionGroupTypes, "GroupMailbox", "DynamicDistributionGroup"];

const { isMasteredOnPremises, joinRestriction, departRestriction, owners, ownerNames, createdAt } = groupSchema.shape;

/**
 * A group as changes and owners need it. What only Get-DistributionGroup tells is absent where it is no distribution group.
 */
const resolvedGroupSchema = recipientSchema.extend({
  isMasteredOnPremises,
  joinRestriction,
  departRestriction,
  /** ManagedBy as Exchange gives it: short names and role groups. */
  owners,
  ownerNames,
  notes: knownTextSchema,
  createdAt,
});

export type ResolvedGroup = z.infer<typeof resolvedGroupSchema>;

/** Whether a recipient is a distribution group, mail-enabled security group or room list: one that can be changed here. */
export function isDistributionGroup({ recipientType }: Pick<Recipient, "recipientType">): boolean {
  return isDistributionGroupType(recipientType);
}

/**
 * The one group that an identity names. What is found may be of another kind, a Microsoft 365 group, a dynamic one or a
 * person where no group has that identity: ask `isDistributionGroup`, and say what it is.
 */
export async function resolveGroup(
  reader: ExchangeReader,
  identity: string,
  options: ReadOptions,
): Promise<Resolution<ResolvedGroup>> {
  const resolution = await findGroup(reader, identity, options);
  return "found" in resolution ? { found: await completeGroup(reader, resolution.found, options) } : resolution;
}

/** The same with what every recipient has, which takes one query less. */
export async function identifyGroup(
  reader: ExchangeReader,
  identity: string,
  options: ReadOptions,
): Promise<Resolution<Recipient>> {
  const resolution = await findGroup(reader, identity, options);
  return "found" in resolution ? { found: requireRecipient(resolution.found) } : resolution;
}

/** What has a name of a group and of a person is the group: a list is asked for. */
async function findGroup(
  reader: ExchangeReader,
  identity: string,
  options: ReadOptions,
): Promise<Resolution<IdentifiedRow>> {
  const anybody = await findRecipient(reader, { identity }, options);
  const isGroup = "found" in anybody && groupTypes.some((type) => type === anybody.found.RecipientTypeDetails);
  if (isGroup || isExact(identity) || "notFound" in anybody) return anybody;
  const group = await findRecipient(reader, { identity, types: groupTypes }, options);
  if (!("notFound" in group)) return group;
  return "found" in anybody ? anybody : group;
}

async function completeGroup(reader: ExchangeReader, row: IdentifiedRow, options: ReadOptions): Promise<ResolvedGroup> {
  const id = objectId(row);
  const isOurs = isDistributionGroup({ recipientType: row.RecipientTypeDetails });
  const more = isOurs && id !== undefined ? await readGroup(reader, id, options) : undefined;
  const group = resolvedGroupSchema.safeParse({
    ...toRecipientFields(row),
    ...knownFields({
      isMasteredOnPremises: more?.IsDirSynced,
      joinRestriction: more?.MemberJoinRestriction,
      departRestriction: more?.MemberDepartRestriction,
      ownerNames: more && knownOwnerNames(more),
      owners: knownTexts(more?.ManagedBy ?? row.ManagedBy),
      notes: knownText(row.Notes),
      createdAt: knownTime(more?.WhenCreatedUTC),
    }),
  });
  if (group.success) return group.data;
  throw unexpectedRow({ id, reason: summarizeIssues(group.error) });
}

async function readGroup(reader: ExchangeReader, id: string, options: ReadOptions): Promise<DistributionGroupRow> {
  const rows = await readById(reader, id, options);
  const [row] = rows.filter((each) => objectId(each) === id);
  if (row) return row;
  throw new ExchangeError(
    "EXCHANGE_TRANSIENT",
    `Get-EXORecipient knows the group ${id}, and Get-DistributionGroup does not yet. Try again in a few minutes.`,
  );
}

async function readById(reader: ExchangeReader, id: string, options: ReadOptions): Promise<DistributionGroupRow[]> {
  try {
    return await readEach(reader, getDistributionGroup, { Identity: id }, options);
  } catch (error) {
    if (error instanceof ExchangeError && error.code === "OBJECT_NOT_FOUND") return [];
    throw error;
  }
}
