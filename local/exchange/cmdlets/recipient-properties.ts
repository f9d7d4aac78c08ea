import { commonProperties } from "#local/exchange/cmdlets/common-properties";
import { emailAddressesOf, smtpAddressesOf } from "#local/exchange/cmdlets/email-addresses";
import * as person from "#local/exchange/cmdlets/person-properties";
import {
  emptyList,
  flag,
  guid,
  links,
  list,
  type Property,
  shownOnly,
  text,
  time,
} from "#local/exchange/cmdlets/property";
import { createPropertyTable } from "#local/exchange/cmdlets/property-table";
import { archiveProperties, mailboxMoveProperties, policyProperties } from "#local/exchange/cmdlets/recipient-policies";
import { isGroupType } from "#local/exchange/tenant/recipient-types";

const customAttributes: readonly Property[] = Array.from({ length: 15 }, (_, index) =>
  text(`CustomAttribute${index + 1}`, (record) => record.customAttributes?.[index + 1] ?? ""),
);

const extensionAttributes: readonly Property[] = Array.from({ length: 5 }, (_, index) =>
  emptyList(`ExtensionCustomAttribute${index + 1}`),
);

/** With `-eq` an address may stand without `smtp:`, with `-like` not. */
const emailAddresses: Property = {
  ...list("EmailAddresses", emailAddressesOf),
  filter: { kind: "texts", read: emailAddressesOf, complete: withPrefix },
};

/** A filter on the primary address finds the other SMTP addresses too. */
const primarySmtpAddress: Property = {
  ...text("PrimarySmtpAddress", (record) => record.primarySmtpAddress),
  filter: { kind: "texts", read: smtpAddressesOf },
};

const externalEmailAddress: Property = {
  ...text("ExternalEmailAddress", (record) => record.externalEmailAddress),
  filter: {
    kind: "texts",
    read: ({ externalEmailAddress: address }) => (address === "" ? [] : [address]),
    complete: withPrefix,
  },
};

const mainProperties: readonly Property[] = [
  // The one way to look for an ExternalDirectoryObjectId here is as identity.
  shownOnly(person.externalDirectoryObjectId),
  shownOnly(text("Identity", (record) => record.name)),
  text("Alias", (record) => record.alias),
  emailAddresses,
  person.displayName,
  person.firstName,
  person.lastName,
  person.city,
  person.company,
  person.countryOrRegion,
  person.department,
  externalEmailAddress,
  flag("HiddenFromAddressListsEnabled", (record) => record.isHiddenFromAddressLists),
  links("ManagedBy", ({ group }) => (group?.managedBy ?? []).filter((owner) => !owner.isRemoved)),
  person.manager,
  person.notes,
  person.office,
  person.phone,
  primarySmtpAddress,
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
    ...customAttributes,
    ...extensionAttributes,
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
  custom: namesOf([...customAttributes, ...extensionAttributes]),
  mailboxmove: namesOf(mailboxMoveProperties),
  policy: namesOf(policyProperties),
  all: namesOf(recipientProperties.properties),
};

function withPrefix(address: string): string {
  return address.includes(":") ? address : `smtp:${address}`;
}
