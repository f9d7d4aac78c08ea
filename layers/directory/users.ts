import { knownOtherAddresses, knownPhones, knownText, personFields } from "#directory/fields";
import { createListing, type ListedRow, type Listing, type ListParameters } from "#directory/listing";
import { parseUser, type User, type UserFields } from "#directory/records";
import type { ExchangeClient } from "#exchange/client";
import type { Cmdlet } from "#exchange/cmdlet";
import { getExoRecipient, type RecipientRow, type RecipientType } from "#exchange/cmdlets/get-exorecipient";
import { type AccountRow, type AccountType, getUser } from "#exchange/cmdlets/get-user";

/**
 * Everybody with an account, also those without a mailbox. It knows mobile phones, and one mail address of each: none of
 * the others, and nothing of address lists.
 */
const users: UserSource<AccountRow, AccountType> = {
  cmdlet: getUser,
  types: {
    people: [
      "User",
      "DisabledUser",
      "LinkedUser",
      "UserMailbox",
      "LinkedMailbox",
      "LegacyMailbox",
      "MailUser",
      "GuestMailUser",
      "RemoteUserMailbox",
    ],
    // A scheduling mailbox is the calendar of a Bookings page, which several people keep together.
    shared: ["SharedMailbox", "RemoteSharedMailbox", "SchedulingMailbox"],
    rooms: ["RoomMailbox", "RemoteRoomMailbox"],
    equipment: ["EquipmentMailbox", "RemoteEquipmentMailbox"],
  },
  toFields: fieldsOfUser,
};

function fieldsOfUser(row: AccountRow): UserFields {
  return {
    ...personFields(row),
    userPrincipalName: knownText(row.UserPrincipalName),
    // For everybody with a mailbox it is the primary address.
    primaryAddress: knownText(row.WindowsEmailAddress),
    otherAddresses: undefined,
    phones: knownPhones({ business: row.Phone, mobile: row.MobilePhone }),
    isHidden: undefined,
  };
}

/** Whether it is a person, by RecipientTypeDetails: somebody with a mailbox, a mail user or an account, no room and no list. */
export function isPerson({ recipientType }: { recipientType: string }): boolean {
  return users.types.people.some((type) => type === recipientType);
}

/** Kinds of mailbox that are no person's, read by choice. */
type ResourceKind = "shared" | "rooms" | "equipment";

/** A way to read every user of a tenant. */
type UserSource<Row, Type extends string> = {
  readonly cmdlet: Cmdlet<Row, ListParameters<Type>>;
  /** Who counts as a user, by RecipientTypeDetails: people always, the others where they are chosen. */
  readonly types: { readonly [Kind in "people" | ResourceKind]: readonly Type[] };
  toFields(row: Row): UserFields;
};

/** Everybody with a mail address. It knows all addresses and who is hidden, and of phones the business one. */
const recipients: UserSource<RecipientRow, RecipientType> = {
  cmdlet: getExoRecipient,
  types: {
    people: ["UserMailbox", "LinkedMailbox", "LegacyMailbox", "MailUser", "GuestMailUser", "RemoteUserMailbox"],
    // A scheduling mailbox is the calendar of a Bookings page, which several people keep together.
    shared: ["SharedMailbox", "RemoteSharedMailbox", "SchedulingMailbox"],
    rooms: ["RoomMailbox", "LinkedRoomMailbox", "RemoteRoomMailbox"],
    equipment: ["EquipmentMailbox", "RemoteEquipmentMailbox"],
  },
  toFields: fieldsOfRecipient,
};

function fieldsOfRecipient(row: RecipientRow): UserFields {
  return {
    ...personFields(row),
    // A recipient has no UserPrincipalName: WindowsLiveID holds it.
    userPrincipalName: knownText(row.WindowsLiveID),
    primaryAddress: knownText(row.PrimarySmtpAddress),
    otherAddresses: knownOtherAddresses(row.EmailAddresses),
    phones: knownPhones({ business: row.Phone }),
    isHidden: row.HiddenFromAddressListsEnabled,
  };
}

/** "recipients" reads with Get-EXORecipient, "users" with Get-User. */
type UserSourceName = "recipients" | "users";

export type UserSettings = { source: UserSourceName; include: readonly ResourceKind[] };

/** The tenant's users. */
export function listUsers(client: ExchangeClient, { source, include }: UserSettings): Listing<User> {
  return source === "recipients" ? listFrom(client, recipients, include) : listFrom(client, users, include);
}

/** Says in one word how users are read and who counts as one: `recipients`, `users+rooms+shared`. */
export function nameUserSettings({ source, include }: UserSettings): string {
  return [source, ...[...new Set(include)].sort()].join("+");
}

function listFrom<Row extends ListedRow, Type extends string>(
  client: ExchangeClient,
  { cmdlet, types, toFields }: UserSource<Row, Type>,
  include: readonly ResourceKind[],
): Listing<User> {
  const kinds = ["people", ...new Set(include)] as const;
  return createListing(client, {
    cmdlet,
    types: kinds.flatMap((kind) => types[kind]),
    parse: (row) => parseUser(toFields(row)),
  });
}
