import {
  addDistributionGroupMember,
  getDistributionGroup,
  getDistributionGroupMember,
  newDistributionGroup,
} from "#exchange/cmdlets/distribution-group";
import { getExoRecipient } from "#exchange/cmdlets/get-exorecipient";
import { getUser } from "#exchange/cmdlets/get-user";

/** Every cmdlet the gateway uses. A session loads these and no others. */
export const cmdlets = [
  getExoRecipient,
  getUser,
  getDistributionGroup,
  getDistributionGroupMember,
  addDistributionGroupMember,
  newDistributionGroup,
] as const;
