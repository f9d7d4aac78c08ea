import { dtmfMapOf } from "#local/exchange/cmdlets/dtmf-map";
import * as mail from "#local/exchange/cmdlets/mail-properties";
import * as person from "#local/exchange/cmdlets/person-properties";
import {
  emptyList,
  emptyText,
  enumeration,
  flag,
  links,
  list,
  nothing,
  type Property,
  shownOnly,
  text,
  time,
} from "#local/exchange/cmdlets/property";
import type { DirectoryRecord } from "#local/exchange/tenant/directory-record";
import { legacyExchangeDnOf } from "#local/exchange/tenant/tenant-address";

/** What groups, mailboxes and contacts with mail have in common, before what all objects have. */
export const mailEnabledRecipientProperties: readonly Property[] = [
  ...["AcceptMessagesOnlyFrom", "AcceptMessagesOnlyFromDLMembers", "AcceptMessagesOnlyFromSendersOrMembers"].map(
    nobody,
  ),
  emptyList("AddressListMembership"),
  emptyList("AdministrativeUnits"),
  mail.alias,
  nothing("ArbitrationMailbox"),
  nobody("BypassModerationFromSendersOrMembers"),
  shownOnly(text("OrganizationalUnit", (_, { address }) => address.organizationalUnitPath)),
  // The real cmdlet has 10 to 15 between 1 and 2.
  ...mail.customAttributes.toSorted((a, b) => (a.name < b.name ? -1 : 1)),
  ...mail.extensionAttributes,
  person.displayName,
  mail.emailAddresses,
  nobody("GrantSendOnBehalfTo"),
  person.externalDirectoryObjectId,
  mail.hiddenFromAddressListsEnabled,
  shownOnly(time("LastExchangeChangedTime", () => undefined)),
  text("LegacyExchangeDN", legacyExchangeDnOf),
  text("MaxSendSize", () => "Unlimited"),
  text("MaxReceiveSize", () => "Unlimited"),
  links("ModeratedBy", ({ group }) => (group?.moderatedBy ?? []).filter(({ isRemoved }) => !isRemoved)),
  flag("ModerationEnabled", ({ group }) => group?.moderationEnabled ?? false),
  emptyList("PoliciesIncluded"),
  emptyList("PoliciesExcluded"),
  flag("EmailAddressPolicyEnabled", () => false),
  mail.primarySmtpAddress,
  person.recipientType,
  person.recipientTypeDetails,
  ...["RejectMessagesFrom", "RejectMessagesFromDLMembers", "RejectMessagesFromSendersOrMembers"].map(nobody),
  // A filter calls it RequireAllSendersAreAuthenticated.
  shownOnly(flag("RequireSenderAuthenticationEnabled", isClosedToStrangers)),
  emptyText("SimpleDisplayName"),
  enumeration(
    "SendModerationNotifications",
    "Microsoft.Exchange.Data.Directory.Recipient.TransportModerationNotificationFlags",
    ["Never", "Internal", "Always"],
    () => "Always",
  ),
  list("UMDtmfMap", dtmfMapOf),
  text("WindowsEmailAddress", (record) => record.primarySmtpAddress),
  shownOnly(nothing("MailTip")),
  shownOnly(emptyList("MailTipTranslations")),
];

/** Whether only people of the organization may write to it. */
export function isClosedToStrangers({ group }: DirectoryRecord): boolean {
  return group?.requireSenderAuthenticationEnabled ?? true;
}

/** A list of other objects that is empty for every object of a generated tenant. */
function nobody(name: string): Property {
  return links(name, () => []);
}
