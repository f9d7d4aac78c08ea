import type { ExchangeReader, ReadOptions } from "#exchange/client";
import { getDistributionGroup } from "#exchange/cmdlets/distribution-group";
import { objectId, parseGuid, quoteDn } from "#exchange/values";
import { ExchangeError } from "#runtime/errors";

/**
 * Whether a distribution group has this member, itself and not through another group. One query, whose cost does not depend
 * on the group's size: nobody is listed. The DN has to be the member's present one.
 * https://learn.microsoft.com/powershell/exchange/filter-properties#members
 */
export async function isDirectMember(
  client: ExchangeReader,
  group: { id: string },
  member: { dn: string },
  options: ReadOptions,
): Promise<boolean> {
  const id = parseGuid(group.id);
  if (id === undefined) throw new ExchangeError("PARAMETER_INVALID", "A group's id is a GUID.");
  const filter = `Members -eq ${quoteDn(member.dn)} -and Guid -eq '${id}'`;
  let isMember = false;
  for await (const parsed of client.read(getDistributionGroup, { Filter: filter, ResultSize: "Unlimited" }, options)) {
    isMember ||= (parsed.ok ? objectId(parsed.row) : parsed.id) === id;
  }
  return isMember;
}
