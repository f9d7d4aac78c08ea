import { personFields } from "#directory/common-fields";
import { knownPhones, knownText } from "#directory/property";
import type { UserFields } from "#directory/user";
import type { UserSource } from "#directory/user-source";
import { type AccountRow, type AccountType, getUser } from "#exchange/cmdlets/get-user";

/**
 * Everybody with an account, also those without a mailbox. It knows mobile phones, and one mail address of each: none of
 * the others, and nothing of address lists.
 */
export const users: UserSource<AccountRow, AccountType> = {
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
