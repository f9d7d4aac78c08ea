import {
  type CmdletFault,
  groupMailboxUnsupported,
  matchesMultipleEntries,
  recipientNotFound,
} from "#local/exchange/cmdlets/faults";
import { resolveRecipient } from "#local/exchange/cmdlets/resolve-identity";
import type { DirectoryRecord } from "#local/exchange/tenant/directory-record";
import { distributionGroupTypes, type RecipientType, recipientTypeOf } from "#local/exchange/tenant/recipient-types";
import type { Tenant } from "#local/exchange/tenant/tenant";

const memberTypes: readonly RecipientType[] = [
  "UserMailbox",
  "MailUser",
  "MailContact",
  "MailUniversalDistributionGroup",
  "MailUniversalSecurityGroup",
];
const ownerTypes: readonly RecipientType[] = ["UserMailbox", "MailUser", "MailUniversalSecurityGroup"];
const moderatorTypes: readonly RecipientType[] = ["UserMailbox", "MailUser", "MailContact"];

/**
 * The distribution group an identity names. A Microsoft 365 group is looked for as well, so that a name both have is
 * ambiguous: check the kind of what is answered.
 */
export function resolveGroup(
  tenant: Tenant,
  identity: string,
  notFound: (identity: string) => CmdletFault,
): DirectoryRecord {
  const [found, another] = tenant.find(
    identity,
    ({ recipientTypeDetails: type }) => distributionGroupTypes.includes(type) || type === "GroupMailbox",
  );
  if (found === undefined) throw notFound(identity);
  if (another !== undefined) throw matchesMultipleEntries(identity);
  return found;
}

/** Who may be in a distribution group. Microsoft 365 groups are refused in words of their own. */
export function resolveMember(tenant: Tenant, identity: string): DirectoryRecord {
  const recipient = resolveRecipient(tenant, identity, hasMail);
  if (recipient.recipientTypeDetails === "GroupMailbox") throw groupMailboxUnsupported();
  return allowed(recipient, memberTypes, identity);
}

export function resolveOwner(tenant: Tenant, identity: string): DirectoryRecord {
  return allowed(resolveRecipient(tenant, identity, hasMail), ownerTypes, identity);
}

export function resolveModerator(tenant: Tenant, identity: string): DirectoryRecord {
  return allowed(resolveRecipient(tenant, identity, hasMail), moderatorTypes, identity);
}

function allowed(recipient: DirectoryRecord, types: readonly RecipientType[], identity: string): DirectoryRecord {
  const { recipientTypeDetails: details } = recipient;
  const isAllowed =
    types.includes(recipientTypeOf(details)) && details !== "GroupMailbox" && details !== "ArbitrationMailbox";
  if (!isAllowed) throw recipientNotFound(identity);
  return recipient;
}

/** Accounts and role groups without mail are no recipients. */
function hasMail({ alias }: DirectoryRecord): boolean {
  return alias !== "";
}
