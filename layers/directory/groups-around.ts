import * as z from "zod";
import { readEach } from "#directory/read-each";
import type { Recipient } from "#directory/recipient";
import { requireRecipient } from "#directory/resolve-recipient";
import type { ExchangeReader, ReadOptions } from "#exchange/client";
import { selectProperties, textProperty } from "#exchange/cmdlet";
import { getDistributionGroup } from "#exchange/cmdlets/distribution-group";
import { filterByIds, quoteDn } from "#exchange/values";
import { pageRows } from "#facts/page-rows";

const rowSchema = z.looseObject({
  ExchangeObjectId: textProperty,
  Guid: textProperty,
  RecipientTypeDetails: z.string(),
  DistinguishedName: textProperty,
  PrimarySmtpAddress: textProperty,
  DisplayName: textProperty,
  Name: textProperty,
});

/** Without the names of owners, which nobody asks for here. */
const namedGroup = selectProperties({ ...getDistributionGroup, sentWherePermitted: {} }, rowSchema);

/**
 * The distribution groups that have one of these objects as a direct member, in one query; nobody is listed. `isWhole` tells
 * whether none can be missing.
 * https://learn.microsoft.com/powershell/exchange/filter-properties#members
 */
export async function readGroupsAbove(
  reader: ExchangeReader,
  members: readonly Recipient[],
  options: ReadOptions,
): Promise<{ groups: Recipient[]; isWhole: boolean }> {
  const filter = members.map(({ dn }) => `Members -eq ${quoteDn(dn)}`).join(" -or ");
  const groups = await readGroups(reader, filter, options);
  return { groups, isWhole: groups.length < pageRows };
}

/**
 * Those of these groups that are directly in another one, in their order.
 * https://learn.microsoft.com/powershell/exchange/filter-properties#memberofgroup
 */
export async function readGroupsWithin(
  reader: ExchangeReader,
  group: Recipient,
  candidates: readonly Recipient[],
  options: ReadOptions,
): Promise<Recipient[]> {
  const ids = candidates.map(({ id }) => id);
  const filter = `MemberOfGroup -eq ${quoteDn(group.dn)} -and (${filterByIds(ids)})`;
  const within = new Set((await readGroups(reader, filter, options)).map(({ id }) => id));
  return candidates.filter(({ id }) => within.has(id));
}

async function readGroups(reader: ExchangeReader, filter: string, options: ReadOptions): Promise<Recipient[]> {
  const rows = await readEach(reader, namedGroup, { Filter: filter, ResultSize: "Unlimited" }, options);
  return rows.map(requireRecipient);
}
