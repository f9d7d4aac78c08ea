import * as person from "#local/exchange/cmdlets/person-properties";
import { dtmfMapOf } from "#local/exchange/cmdlets/person-properties";
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

/** Properties that everything with mail has. */
export const alias = text("Alias", (record) => record.alias);
export const hiddenFromAddressListsEnabled = flag(
  "HiddenFromAddressListsEnabled",
  (record) => record.isHiddenFromAddressLists,
);
export const managedBy = links("ManagedBy", ({ group }) =>
  (group?.managedBy ?? []).filter(({ isRemoved }) => !isRemoved),
);

/** With `-eq` an address may stand without `smtp:`, with `-like` not. */
export const emailAddresses: Property = {
  ...list("EmailAddresses", emailAddressesOf),
  filter: { kind: "texts", read: emailAddressesOf, complete: withPrefix },
};

/** A filter on the primary address finds the other SMTP addresses too. */
export const primarySmtpAddress: Property = {
  ...text("PrimarySmtpAddress", (record) => record.primarySmtpAddress),
  filter: { kind: "texts", read: smtpAddressesOf },
};

export const customAttributes: readonly Property[] = Array.from({ length: 15 }, (_, index) =>
  text(`CustomAttribute${index + 1}`, (record) => record.customAttributes?.[index + 1] ?? ""),
);

export const extensionAttributes: readonly Property[] = Array.from({ length: 5 }, (_, index) =>
  emptyList(`ExtensionCustomAttribute${index + 1}`),
);

/** An address as `EmailAddresses` holds it. */
export function withPrefix(address: string): string {
  return address.includes(":") ? address : `smtp:${address}`;
}

/** Every address with its prefix; `SMTP:` in capitals marks the primary one, wherever it stands. */
function emailAddressesOf({ primarySmtpAddress, otherAddresses }: DirectoryRecord): readonly string[] {
  if (primarySmtpAddress === "") return otherAddresses;
  const isSmtp = (address: string) => /^smtp:/i.test(address);
  return [
    ...otherAddresses.filter((address) => !isSmtp(address)),
    `SMTP:${primarySmtpAddress}`,
    ...otherAddresses.filter(isSmtp),
  ];
}

/** The SMTP addresses alone, without prefixes. */
export function smtpAddressesOf(record: DirectoryRecord): readonly string[] {
  return emailAddressesOf(record)
    .filter((address) => /^smtp:/i.test(address))
    .map((address) => address.slice("smtp:".length));
}

/** What groups, mailboxes and contacts with mail have in common, before what all objects have. */
export const mailEnabledRecipientProperties: readonly Property[] = [
  ...["AcceptMessagesOnlyFrom", "AcceptMessagesOnlyFromDLMembers", "AcceptMessagesOnlyFromSendersOrMembers"].map(
    nobody,
  ),
  emptyList("AddressListMembership"),
  emptyList("AdministrativeUnits"),
  alias,
  nothing("ArbitrationMailbox"),
  nobody("BypassModerationFromSendersOrMembers"),
  shownOnly(text("OrganizationalUnit", (_, { address }) => address.organizationalUnitPath)),
  // The real cmdlet has 10 to 15 between 1 and 2.
  ...customAttributes.toSorted((a, b) => (a.name < b.name ? -1 : 1)),
  ...extensionAttributes,
  person.displayName,
  emailAddresses,
  nobody("GrantSendOnBehalfTo"),
  person.externalDirectoryObjectId,
  hiddenFromAddressListsEnabled,
  shownOnly(time("LastExchangeChangedTime", () => undefined)),
  text("LegacyExchangeDN", legacyExchangeDnOf),
  text("MaxSendSize", () => "Unlimited"),
  text("MaxReceiveSize", () => "Unlimited"),
  links("ModeratedBy", ({ group }) => (group?.moderatedBy ?? []).filter(({ isRemoved }) => !isRemoved)),
  flag("ModerationEnabled", ({ group }) => group?.moderationEnabled ?? false),
  emptyList("PoliciesIncluded"),
  emptyList("PoliciesExcluded"),
  flag("EmailAddressPolicyEnabled", () => false),
  primarySmtpAddress,
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
