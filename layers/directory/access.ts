import { readGroupsAbove, readGroupsWithin } from "#directory/groups-around";
import type { Recipient } from "#directory/recipient";
import type { ExchangeReader, ReadOptions } from "#exchange/client";
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
