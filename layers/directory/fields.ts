import type { User } from "#directory/records";
import { objectId } from "#exchange/values";

type Text = string | null | undefined;

type ObjectRow = {
  ExchangeObjectId?: Text;
  Guid?: Text;
  ExternalDirectoryObjectId?: Text;
  RecipientTypeDetails: string;
  DisplayName?: Text;
  Name?: Text;
  WhenChangedUTC?: Text;
  WhenCreatedUTC?: Text;
};

type PersonRow = ObjectRow & {
  FirstName?: Text;
  LastName?: Text;
  Department?: Text;
  Title?: Text;
  Manager?: Text;
  Company?: Text;
  Office?: Text;
};

/** The fields of every record, from the properties that every cmdlet names alike. */
export function objectFields(row: ObjectRow) {
  return {
    id: objectId(row),
    entraId: row.ExternalDirectoryObjectId?.toLowerCase() || undefined,
    displayName: knownText(row.DisplayName),
    name: knownText(row.Name),
    recipientType: row.RecipientTypeDetails,
    changedAt: knownTime(row.WhenChangedUTC),
    createdAt: knownTime(row.WhenCreatedUTC),
  };
}

/** The fields of every user, likewise. */
export function personFields(row: PersonRow) {
  return {
    ...objectFields(row),
    firstName: knownText(row.FirstName),
    lastName: knownText(row.LastName),
    department: knownText(row.Department),
    title: knownText(row.Title),
    manager: knownText(row.Manager),
    company: knownText(row.Company),
    office: knownText(row.Office),
  };
}

/** A property of Exchange's answer: null or empty where it has no value, undefined where the object has no such property. */
type Property<Value> = Value | null | undefined;

type Phones = NonNullable<User["phones"]>;

const hasZone = /(?:Z|[+-]\d\d:?\d\d)$/i;
const otherMailAddress = /^(?!SMTP:)[Ss][Mm][Tt][Pp]:(.+)$/;

/** The text; null where it is empty or blank, undefined where the source has no such property. */
export function knownText(value: Property<string>): string | null | undefined {
  if (value === undefined) return undefined;
  return value === null || value.trim() === "" ? null : value;
}

/** The texts that are not blank, none of them where there is none; undefined where the source has no such property. */
export function knownTexts(values: Property<readonly string[]>): string[] | undefined {
  return values === undefined ? undefined : (values ?? []).filter((value) => value.trim() !== "");
}

/** ISO 8601 in UTC with milliseconds. Exchange's *UTC times can come without a zone, and are in UTC then too. */
export function knownTime(value: Property<string>): string | null | undefined {
  if (value === undefined || value === null) return value;
  return new Date(hasZone.test(value) ? value : `${value}Z`).toISOString();
}

/** The phones that are known, undefined where the source has none of these properties. */
export function knownPhones(phones: { [Kind in keyof Phones]: Property<string> }): Phones | undefined {
  const known = Object.entries(phones).flatMap(([kind, value]) => {
    const text = knownText(value);
    return text === undefined ? [] : [[kind, text] as const];
  });
  return known.length === 0 ? undefined : Object.fromEntries(known);
}

/**
 * The mail addresses among proxy addresses that are not the primary one, without prefix: "SMTP:" marks the primary one,
 * "smtp:" the others, and X500, SIP, SPO and the like are no mail addresses.
 * https://learn.microsoft.com/exchange/recipients-in-exchange-online/manage-user-mailboxes/add-or-remove-email-addresses
 */
export function knownOtherAddresses(proxyAddresses: Property<readonly string[]>): string[] | undefined {
  if (proxyAddresses === undefined) return undefined;
  return (proxyAddresses ?? []).flatMap((proxyAddress) => otherMailAddress.exec(proxyAddress)?.[1] ?? []);
}

type OwnersRow = {
  ManagedBy?: Property<readonly string[]>;
  ManagedByWithDisplayName?: Property<readonly string[]>;
  ManagedByWithDisplayNames?: Property<readonly string[]>;
};

/** Without the parameter that asks for them, Exchange leaves the names of owners empty. */
export function knownOwnerNames(row: OwnersRow): string[] | undefined {
  const names = knownTexts(row.ManagedByWithDisplayName ?? row.ManagedByWithDisplayNames);
  const hasOwners = (knownTexts(row.ManagedBy) ?? []).length > 0;
  return hasOwners && names?.length === 0 ? undefined : names;
}
