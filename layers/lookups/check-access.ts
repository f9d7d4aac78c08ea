import { findAccess } from "#directory/membership";
import { requireDistributionGroup, identifyGroup } from "#directory/resolve-group";
import { type Reference, referTo } from "#directory/reference";
import { resolveAnybody } from "#directory/recipients";
import type { ExchangeReader } from "#exchange/client";
import type { Refusal } from "#lookups/answer";
import type { AccessAnswer } from "#lookups/list-group-members-answer";
import type { Attempt } from "#lookups/look-up";
import { refuseGroup, refuseMember } from "#lookups/refuse";

type AccessQuestion = { group: string; member: string };

/** Whether somebody, or a list, is in a group, and how. Nobody is listed, however large the group is. */
export async function checkAccess(
  reader: ExchangeReader,
  { group: groupIdentity, member: memberIdentity }: AccessQuestion,
  { deadline, asOf }: Attempt,
): Promise<AccessAnswer | Refusal> {
  const resolution = await identifyGroup(reader, groupIdentity, { deadline });
  const group = requireDistributionGroup(groupIdentity, resolution, "Who is in it cannot be told here.");
  if ("refusal" in group) return refuseGroup(group.refusal, asOf);
  const member = await resolveAnybody(reader, memberIdentity, { deadline });
  if (!("found" in member)) return refuseMember(memberIdentity, member, asOf);

  const { how, path } = await findAccess(reader, { group: group.found, member: member.found }, { deadline });
  const way = { group: referTo(group.found), member: referTo(member.found), path: path.map(referTo) };
  const isMember = how !== null;
  const userMessage = describeWay(way, isMember);
  return { status: "found", ...way, isMember, how, userMessage, source: "live", asOf };
}

type Way = { group: Reference; member: Reference; path: Reference[] };

function describeWay({ group, member, path }: Way, isMember: boolean): string {
  if (!isMember) return `${member.name} is not in ${group.name}.`;
  const names = new Intl.ListFormat("en-GB").format(path.map(({ name }) => name));
  return `${member.name} is in ${group.name}${path.length > 0 ? `, through ${names}` : ""}.`;
}
