import { personFields } from "#directory/common-fields";
import { knownOtherAddresses, knownPhones, knownText } from "#directory/property";
import type { UserFields } from "#directory/user";
import type { UserSource } from "#directory/user-source";
import { getExoRecipient, type RecipientRow, type RecipientType } from "#exchange/cmdlets/get-exorecipient";

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
