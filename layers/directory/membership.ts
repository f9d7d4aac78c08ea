import * as z from "zod";
import { listMembers } from "#directory/members";
import { type Recipient, readEach, requireRecipient } from "#directory/recipients";
import type { ExchangeReader, ReadOptions } from "#exchange/client";
import { selectProperties, textProperty } from "#exchange/cmdlet";
import { getDistributionGroup } from "#exchange/cmdlets/distribution-group";
import { filterByIds, isRewritten, objectId, parseGuid, quoteDn } from "#exchange/values";
import { pageRows } from "#facts/page-rows";
import { ExchangeError } from "#runtime/errors";
import { chunk } from "#runtime/text";

/** How somebody is in a group; for `nested` the groups between, from that group down to the one they are in. */
export type Access = { how: "direct" | "nested"; path: Recipient[] } | { how: null; path: [] };

/** So many objects are asked for in one query; a filter must not become too long. */
const perQuery = 20;

/** Of each group that was reached: the objects below of which at least one is directly in it. */
type Reached = Map<string, readonly Recipient[]>;

/**
 * Whether somebody or something is in a distribution group, directly or through others, and one of the shortest ways. It
 * climbs upwards from the member, level by level, and lists nobody: a query for each level and 20 groups of it, and one for
 * each step of the way that several groups could be. "No" is only said where nothing can have been missing, else
 * `ANSWER_TRUNCATED` is thrown. Membership through dynamic groups and Microsoft 365 groups is not seen.
 */
export async function findAccess(
  reader: ExchangeReader,
  { group, member }: { group: Recipient; member: Recipient },
  options: ReadOptions,
): Promise<Access> {
  const reached: Reached = new Map();
  let isCertain = true;
  for (let level: Recipient[] = [member]; level.length > 0; ) {
    const next: Recipient[] = [];
    for await (const { members, groups, isWhole } of readAbove(reader, level, options)) {
      isCertain &&= isWhole;
      for (const each of groups) {
        if (reached.has(each.id)) continue;
        reached.set(each.id, members);
        next.push(each);
      }
      if (reached.has(group.id)) return describeWay(reader, { group, member, reached }, options);
    }
    level = next.filter(({ id }) => id !== member.id).sort(byId);
  }
  if (isCertain) return { how: null, path: [] };
  const message = `${member.id} or a group around it is in so many groups that one answer does not hold them: that it is not in ${group.id} would not be certain.`;
  throw new ExchangeError("ANSWER_TRUNCATED", message);
}

/** The groups right above a level. Where an answer may lack some, fewer are asked for at once. */
async function* readAbove(
  reader: ExchangeReader,
  level: readonly Recipient[],
  options: ReadOptions,
): AsyncGenerator<{ members: readonly Recipient[]; groups: Recipient[]; isWhole: boolean }, void> {
  const waiting = chunk(level, perQuery);
  for (let members = waiting.shift(); members; members = waiting.shift()) {
    const { groups, isWhole } = await readGroupsAbove(reader, members, options);
    if (isWhole || members.length === 1) yield { members, groups, isWhole };
    else waiting.unshift(...chunk(members, Math.ceil(members.length / 2)));
  }
}

type Way = { group: Recipient; member: Recipient; reached: Reached };

async function describeWay(
  reader: ExchangeReader,
  { group, member, reached }: Way,
  options: ReadOptions,
): Promise<Access> {
  const path: Recipient[] = [];
  for (let upper = group; ; ) {
    const below = reached.get(upper.id) ?? [];
    const [step] = below.length > 1 ? await readGroupsWithin(reader, upper, below, options) : below;
    if (step === undefined) throw changedMeanwhile(upper);
    if (step.id === member.id) return { how: path.length === 0 ? "direct" : "nested", path };
    path.push(step);
    upper = step;
  }
}

function changedMeanwhile({ id }: Recipient): ExchangeError {
  return new ExchangeError("EXCHANGE_TRANSIENT", `Who is in the group ${id} changed while it was read. Try again.`);
}

function byId(one: Recipient, other: Recipient): number {
  return one.id < other.id ? -1 : 1;
}

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
async function readGroupsAbove(
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
async function readGroupsWithin(
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

/**
 * Whether a distribution group has this member, itself and not through another group. One query, whose cost does not depend
 * on the group's size: nobody is listed, unless the member is named as no filter can name it. The DN has to be the member's
 * present one.
 * https://learn.microsoft.com/powershell/exchange/filter-properties#members
 */
export async function isDirectMember(
  client: ExchangeReader,
  group: { id: string },
  member: { id: string; dn: string },
  options: ReadOptions,
): Promise<boolean> {
  const id = parseGuid(group.id);
  if (id === undefined) throw new ExchangeError("PARAMETER_INVALID", "A group's id is a GUID.");
  if (isRewritten(member.dn)) return isListed(client, group, member, options);
  const filter = `Members -eq ${quoteDn(member.dn)} -and Guid -eq '${id}'`;
  let isMember = false;
  for await (const parsed of client.read(getDistributionGroup, { Filter: filter, ResultSize: "Unlimited" }, options)) {
    isMember ||= (parsed.ok ? objectId(parsed.row) : parsed.id) === id;
  }
  return isMember;
}

async function isListed(
  client: ExchangeReader,
  group: { id: string },
  { id }: { id: string },
  options: ReadOptions,
): Promise<boolean> {
  try {
    for await (const reading of listMembers(client, group, options)) {
      if ((reading.ok ? reading.member.id : reading.id) === id) return true;
    }
    return false;
  } catch (error) {
    // A filter finds nobody either in a group that is not known.
    if (error instanceof ExchangeError && error.code === "OBJECT_NOT_FOUND") return false;
    throw error;
  }
}
