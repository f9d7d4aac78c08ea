import { addDistributionGroupMember } from "#local/exchange/cmdlets/add-distribution-group-member";
import type { ServedCmdlet } from "#local/exchange/cmdlets/bind-parameters";
import { getDistributionGroup } from "#local/exchange/cmdlets/get-distribution-group";
import { getDistributionGroupMember } from "#local/exchange/cmdlets/get-distribution-group-member";
import { getUser } from "#local/exchange/cmdlets/get-user";
import { newDistributionGroup } from "#local/exchange/cmdlets/new-distribution-group";

/** Every cmdlet that InvokeCommand runs. */
export const servedCmdlets: readonly ServedCmdlet[] = [
  addDistributionGroupMember,
  getDistributionGroup,
  getDistributionGroupMember,
  getUser,
  newDistributionGroup,
];

const byName = new Map(servedCmdlets.map((cmdlet) => [cmdlet.name.toLowerCase(), cmdlet]));

/** The cmdlet of that name, in any letter case. */
export function findServedCmdlet(name: string): ServedCmdlet | undefined {
  return byName.get(name.toLowerCase());
}
