import { commonProperties } from "#local/exchange/cmdlets/common-properties";
import * as mail from "#local/exchange/cmdlets/mail-properties";
import * as person from "#local/exchange/cmdlets/person-properties";
import {
  emptyList,
  emptyText,
  enumeration,
  flag,
  guid,
  nothing,
  type Property,
  shownOnly,
  text,
  time,
} from "#local/exchange/cmdlets/property";
import { createPropertyTable } from "#local/exchange/cmdlets/property-table";
import { noGuid } from "#local/exchange/tenant/directory-record";
import { hasMailbox, isGroupType } from "#local/exchange/tenant/recipient-types";

const namespace = "Microsoft.Exchange.Data.Directory";

/** The property set Archive: no mailbox of a generated tenant has an archive. */
const archiveProperties: readonly Property[] = [
  nothing("ArchiveDatabase"),
  guid("ArchiveGuid", () => noGuid),
  enumeration("ArchiveRelease", `${namespace}.MailboxRelease`, ["None", "E14", "E15"], () => "None"),
  enumeration(
    "ArchiveState",
    `${namespace}.Recipient.ArchiveState`,
    ["None", "Local", "HostedProvisioned", "HostedPending", "OnPremise"],
    () => "None",
  ),
  enumeration("ArchiveStatus", `${namespace}.Recipient.ArchiveStatusFlags`, ["None", "Active"], () => "None"),
];

/** The property set MailboxMove: no mailbox of a generated tenant moves. */
const mailboxMoveProperties: readonly Property[] = [
  emptyText("MailboxMoveBatchName"),
  enumeration("MailboxMoveFlags", `${namespace}.RequestFlags`, ["None"], () => "None"),
  emptyText("MailboxMoveRemoteHostName"),
  nothing("MailboxMoveSourceMDB"),
  enumeration("MailboxMoveStatus", `${namespace}.RequestStatus`, ["None", "Completed"], () => "None"),
  nothing("MailboxMoveTargetMDB"),
];

/** The property set Policy. */
const policyProperties: readonly Property[] = [
  nothing("ActiveSyncMailboxPolicy"),
  shownOnly(flag("ActiveSyncMailboxPolicyIsDefaulted", ({ recipientTypeDetails }) => hasMailbox(recipientTypeDetails))),
  nothing("AddressBookPolicy"),
  flag("EmailAddressPolicyEnabled", () => false),
  nothing("ManagedFolderMailboxPolicy"),
  text("OwaMailboxPolicy", ({ recipientTypeDetails }) =>
    hasMailbox(recipientTypeDetails) ? "OwaMailboxPolicy-Default" : "",
  ),
  emptyList("PoliciesExcluded"),
  emptyList("PoliciesIncluded"),
  nothing("RetentionPolicy"),
  nothing("SharingPolicy"),
  shownOnly(flag("ShouldUseDefaultRetentionPolicy", () => false)),
  nothing("UMMailboxPolicy"),
];

const externalEmailAddress: Property = {
  ...text("ExternalEmailAddress", (record) => record.externalEmailAddress),
  filter: {
    kind: "texts",
    read: ({ externalEmailAddress: address }) => (address === "" ? [] : [address]),
    complete: mail.withPrefix,
  },
};

const mainProperties: readonly Property[] = [
  // The one way to look for an ExternalDirectoryObjectId here is as identity.
  shownOnly(person.externalDirectoryObjectId),
  shownOnly(text("Identity", (record) => record.name)),
  mail.alias,
  mail.emailAddresses,
  person.displayName,
  person.firstName,
  person.lastName,
  person.city,
  person.company,
  person.countryOrRegion,
  person.department,
  externalEmailAddress,
  mail.hiddenFromAddressListsEnabled,
  mail.managedBy,
  person.manager,
  person.notes,
  person.office,
  person.phone,
  mail.primarySmtpAddress,
  person.recipientType,
  person.recipientTypeDetails,
  text("SamAccountName", (record) =>
    isGroupType(record.recipientTypeDetails) || record.userPrincipalName !== ""
      ? person.samAccountNameOf(record.guid)
      : "",
  ),
  person.stateOrProvince,
  person.title,
  text("UsageLocation", (record) => (record.userPrincipalName === "" ? "" : record.countryOrRegion)),
  shownOnly(time("WhenSoftDeleted", () => undefined)),
  person.windowsLiveId,
  guid("ExchangeGuid", (record) => record.exchangeGuid),
];

const shownCommonProperties: readonly string[] = [
  "Name",
  "ExchangeVersion",
  "OrganizationId",
  "WhenChangedUTC",
  "WhenCreatedUTC",
  "ExchangeObjectId",
  "Guid",
  "DistinguishedName",
];

/**
 * What Get-EXORecipient knows of a recipient, and what of it can be filtered on.
 * https://learn.microsoft.com/powershell/exchange/filters-v2#unsupported-filterable-properties
 */
export const recipientProperties = createPropertyTable(
  [
    ...mainProperties,
    ...commonProperties.filter(({ name }) => shownCommonProperties.includes(name)),
    ...mail.customAttributes,
    ...mail.extensionAttributes,
    ...archiveProperties,
    ...mailboxMoveProperties,
    ...policyProperties,
  ],
  {
    c: { kind: "text", read: (record) => record.countryLetters },
    ...Object.fromEntries(commonProperties.flatMap(({ name, filter }) => (filter ? [[name, filter]] : []))),
  },
);

const namesOf = (properties: readonly Property[]) => properties.map(({ name }) => name);

/** https://learn.microsoft.com/powershell/exchange/cmdlet-property-sets#get-exorecipient-property-sets */
export const recipientPropertySets: Readonly<Record<string, readonly string[]>> = {
  minimum: [
    "ExchangeVersion",
    "ExternalDirectoryObjectId",
    "Name",
    "OrganizationId",
    "RecipientType",
    "RecipientTypeDetails",
  ],
  archive: namesOf(archiveProperties),
  custom: namesOf([...mail.customAttributes, ...mail.extensionAttributes]),
  mailboxmove: namesOf(mailboxMoveProperties),
  policy: namesOf(policyProperties),
  all: namesOf(recipientProperties.properties),
};
