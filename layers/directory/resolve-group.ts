import type * as z from "zod";
import { findRecipient, type Resolution, unexpectedRow } from "#directory/find-recipient";
import { groupSchema } from "#directory/group";
import { distributionGroupTypes, isDistributionGroupType } from "#directory/group-types";
import { knownFields } from "#directory/known-fields";
import { knownText, knownTexts } from "#directory/property";
import { type IdentifiedRow, recipientSchema, toRecipientFields } from "#directory/recipient";
import { knownTextSchema } from "#directory/record-fields";
import type { ExchangeClient, ReadOptions } from "#exchange/client";
import { type DistributionGroupRow, getDistributionGroup } from "#exchange/cmdlets/get-distribution-group";
import type { RecipientType } from "#exchange/cmdlets/get-exorecipient";
import { objectId } from "#exchange/object-id";
import { summarizeIssues } from "#exchange/summarize-issues";
import { ExchangeError } from "#runtime/exchange-error";

const groupTypes: RecipientType[] = [...distributionGroupTypes, "GroupMailbox", "DynamicDistributionGroup"];

const { isMasteredOnPremises, joinRestriction, owners } = groupSchema.shape;

/** A group as a change needs it. What only Get-DistributionGroup tells is absent where it is no distribution group. */
const resolvedGroupSchema = recipientSchema.extend({
  isMasteredOnPremises,
  joinRestriction,
  /** ManagedBy as Exchange gives it: short names and role groups. */
  owners,
  notes: knownTextSchema,
});

export type ResolvedGroup = z.infer<typeof resolvedGroupSchema>;

/** Whether a recipient is a distribution group, mail-enabled security group or room list: one that can be changed here. */
export function isDistributionGroup({ recipientType }: Pick<ResolvedGroup, "recipientType">): boolean {
  return isDistributionGroupType(recipientType);
}

/**
 * The one group that an identity names. What is found may be of another kind, a Microsoft 365 group, a dynamic one or a
 * person where no group has that identity: ask `isDistributionGroup`, and say what it is.
 */
export async function resolveGroup(
  client: ExchangeClient,
  identity: string,
  options: ReadOptions,
): Promise<Resolution<ResolvedGroup>> {
  const resolution = await findRecipient(client, { identity, types: groupTypes }, options);
  if ("ambiguous" in resolution) return resolution;
  if ("found" in resolution) return { found: await completeGroup(client, resolution.found, options) };

  const other = await findRecipient(client, { identity }, options);
  return "found" in other ? { found: await completeGroup(client, other.found, options) } : { notFound: true };
}

async function completeGroup(client: ExchangeClient, row: IdentifiedRow, options: ReadOptions): Promise<ResolvedGroup> {
  const id = objectId(row);
  const isOurs = isDistributionGroup({ recipientType: row.RecipientTypeDetails });
  const more = isOurs && id !== undefined ? await readGroup(client, id, options) : undefined;
  const group = resolvedGroupSchema.safeParse({
    ...toRecipientFields(row),
    ...knownFields({
      isMasteredOnPremises: more?.IsDirSynced,
      joinRestriction: more?.MemberJoinRestriction,
      owners: knownTexts(more?.ManagedBy ?? row.ManagedBy),
      notes: knownText(row.Notes),
    }),
  });
  if (group.success) return group.data;
  throw unexpectedRow({ id, reason: summarizeIssues(group.error) });
}

async function readGroup(client: ExchangeClient, id: string, options: ReadOptions): Promise<DistributionGroupRow> {
  const rows = await readById(client, id, options);
  const [row] = rows.filter((each) => objectId(each) === id);
  if (row) return row;
  throw new ExchangeError(
    "EXCHANGE_TRANSIENT",
    `Get-EXORecipient knows the group ${id}, and Get-DistributionGroup does not yet. Try again in a few minutes.`,
  );
}

async function readById(client: ExchangeClient, id: string, options: ReadOptions): Promise<DistributionGroupRow[]> {
  try {
    return await Array.fromAsync(client.read(getDistributionGroup, { Identity: id }, options), (parsed) => {
      if (parsed.ok) return parsed.row;
      throw unexpectedRow(parsed);
    });
  } catch (error) {
    if (error instanceof ExchangeError && error.code === "OBJECT_NOT_FOUND") return [];
    throw error;
  }
}
