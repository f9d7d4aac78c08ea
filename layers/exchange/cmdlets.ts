import { getExoRecipient } from "#exchange/cmdlets/get-exorecipient";
import { getUser } from "#exchange/cmdlets/get-user";

/** Every cmdlet the gateway uses. A session loads these and no others. */
export const cmdlets = [getExoRecipient, getUser] as const;
