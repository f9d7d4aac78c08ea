import { addDistributionGroupMember } from "#exchange/cmdlets/add-distribution-group-member";
import { getDistributionGroup } from "#exchange/cmdlets/get-distribution-group";
import { getDistributionGroupMember } from "#exchange/cmdlets/get-distribution-group-member";
import { getExoRecipient } from "#exchange/cmdlets/get-exorecipient";
import { getUser } from "#exchange/cmdlets/get-user";
import { newDistributionGroup } from "#exchange/cmdlets/new-distribution-group";

/** Every cmdlet the gateway uses. A session loads these and no others. */
export const cmdlets = [
  getExoRecipient,
  getUser,
  getDistributionGroup,
  getDistributionGroupMember,
  addDistributionGroupMember,
  newDistributionGroup,
] as const;
