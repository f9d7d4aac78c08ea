import { getDistributionGroup } from "#exchange/cmdlets/get-distribution-group";
import { getExoRecipient } from "#exchange/cmdlets/get-exorecipient";
import { getUser } from "#exchange/cmdlets/get-user";

/** Every cmdlet the gateway uses. A session loads these and no others. */
export const cmdlets = [getExoRecipient, getUser, getDistributionGroup] as const;
