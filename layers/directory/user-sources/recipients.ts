import { knownOtherAddresses, knownPhones, knownText, knownTime } from "#directory/property";
import type { UserFields } from "#directory/user";
import type { UserSource } from "#directory/user-source";
import { getExoRecipient, type RecipientRow, type RecipientType } from "#exchange/cmdlets/get-exorecipient";
import { objectId } from "#exchange/object-id";

/** Everybody with a mail address. It knows all addresses and who is hidden, and of phones the business one. */
export const recipients: UserSource<RecipientRow, RecipientType> = {
  cmdlet: getExoRecipient,
  types: {
    people: ["UserMailbox", "LinkedMailbox", "LegacyMailbox", "MailUser", "GuestMailUser", "RemoteUserMailbox"],
    // A scheduling mailbox is the calendar of a Bookings page, which several people keep together.
    shared: ["SharedMailbox", "RemoteSharedMailbox", "SchedulingMailbox"],
    rooms: ["RoomMailbox", "LinkedRoomMailbox", "RemoteRoomMailbox"],
    equipment: ["EquipmentMailbox", "RemoteEquipmentMailbox"],
  },
  toFields,
};

function toFields(row: RecipientRow): UserFields {
  return {
    id: objectId(row),
    entraId: row.ExternalDirectoryObjectId?.toLowerCase() || undefined,
    // A recipient has no UserPrincipalName: WindowsLiveID holds it.
    userPrincipalName: knownText(row.WindowsLiveID),
    primaryAddress: knownText(row.PrimarySmtpAddress),
    otherAddresses: knownOtherAddresses(row.EmailAddresses),
    displayName: knownText(row.DisplayName),
    firstName: knownText(row.FirstName),
    lastName: knownText(row.LastName),
    name: knownText(row.Name),
    department: knownText(row.Department),
    title: knownText(row.Title),
    manager: knownText(row.Manager),
    company: knownText(row.Company),
    office: knownText(row.Office),
    phones: knownPhones({ business: row.Phone }),
    recipientType: row.RecipientTypeDetails,
    isHidden: row.HiddenFromAddressListsEnabled,
    changedAt: knownTime(row.WhenChangedUTC),
    createdAt: knownTime(row.WhenCreatedUTC),
  };
}
