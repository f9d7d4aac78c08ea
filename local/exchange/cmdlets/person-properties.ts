import { enumeration, link, text } from "#local/exchange/cmdlets/property";
import type { FilterProperty } from "#local/exchange/filter/filter-expression";
import type { DirectoryRecord } from "#local/exchange/tenant/directory-record";
import { recipientTypeDetailsNames, recipientTypeNames, recipientTypeOf } from "#local/exchange/tenant/recipient-types";

/** The digit under each letter from a to z. */
const keys = "22233344455566677778889999";

/** A name as typed on a telephone, for the three ways a caller may spell it. Empty for what has no mail. */
export function dtmfMapOf({ alias, firstName, lastName }: DirectoryRecord): readonly string[] {
  if (alias === "") return [];
  const last = toKeys(lastName);
  const first = toKeys(firstName);
  return [
    `emailAddress:${toKeys(alias)}`,
    ...(last === "" ? [] : [`lastNameFirstName:${last}${first}`, `firstNameLastName:${first}${last}`]),
  ];
}

function toKeys(text: string): string {
  return text.toLowerCase().replace(/./gsu, (character) => keys[character.charCodeAt(0) - 97] ?? "");
}

/** Properties that several cmdlets show alike. */
export const city = text("City", (record) => record.city);
export const company = text("Company", (record) => record.company);
export const countryOrRegion = text("CountryOrRegion", (record) => record.countryOrRegion);
export const department = text("Department", (record) => record.department);
export const displayName = text("DisplayName", (record) => record.displayName);
export const externalDirectoryObjectId = text(
  "ExternalDirectoryObjectId",
  (record) => record.externalDirectoryObjectId,
);
export const firstName = text("FirstName", (record) => record.firstName);
export const lastName = text("LastName", (record) => record.lastName);
export const notes = text("Notes", (record) => record.notes);
export const office = text("Office", (record) => record.office);
export const phone = text("Phone", (record) => record.phone);
export const samAccountName = text("SamAccountName", ({ guid }) => samAccountNameOf(guid));
export const stateOrProvince = text("StateOrProvince", (record) => record.stateOrProvince);
export const title = text("Title", (record) => record.title);
export const windowsLiveId = text("WindowsLiveID", (record) => record.userPrincipalName);
export const manager = link("Manager", (record) => (record.manager?.isRemoved ? undefined : record.manager));

/** What an object is a direct member of: nothing shows it, but several cmdlets filter on it. */
export const memberOfGroup: FilterProperty = {
  kind: "link",
  holds: (record, group) => group.group?.members.has(record) ?? false,
  isEmpty: (record, tenant) => !tenant.records.some(({ group }) => group?.members.has(record)),
};

const typeNamespace = "Microsoft.Exchange.Data.Directory.Recipient";

export const recipientTypeDetailsTypeName = `${typeNamespace}.RecipientTypeDetails`;

export const recipientType = enumeration(
  "RecipientType",
  `${typeNamespace}.RecipientType`,
  recipientTypeNames,
  (record) => recipientTypeOf(record.recipientTypeDetails),
);

export const recipientTypeDetails = enumeration(
  "RecipientTypeDetails",
  recipientTypeDetailsTypeName,
  recipientTypeDetailsNames,
  (record) => record.recipientTypeDetails,
);

/** Twenty characters that Exchange Online draws by itself: `$ABC123-DEF456789012`. */
export function samAccountNameOf(guid: string): string {
  const digits = guid.replaceAll("-", "").toUpperCase();
  return `$${digits.slice(0, 6)}-${digits.slice(6, 18)}`;
}
