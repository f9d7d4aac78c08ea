import { knownOtherAddresses } from "#directory/property";
import type { IdentifiedRow } from "#directory/recipient";
import { parseGuid } from "#exchange/object-id";

/**
 * Whether the identity is one of this object's ids, mail addresses or names, in any letter case. A display name is none of
 * them: several objects may share it.
 */
export function identifies(identity: string, row: IdentifiedRow): boolean {
  const asked = identity.toLowerCase();
  const address = asked.replace(/^smtp:/, "");
  return idsOf(row).includes(asked) || namesOf(row).some(isEqualTo(asked)) || addressesOf(row).some(isEqualTo(address));
}

/** Whether it is that or the object's display name. */
export function fits(identity: string, row: IdentifiedRow): boolean {
  return identifies(identity, row) || isEqualTo(identity.toLowerCase())(row.DisplayName);
}

function idsOf(row: IdentifiedRow) {
  return [row.ExchangeObjectId, row.Guid, row.ExternalDirectoryObjectId].map(parseGuid);
}

function namesOf(row: IdentifiedRow) {
  return [row.Name, row.Alias, row.DistinguishedName, row.WindowsLiveID];
}

function addressesOf(row: IdentifiedRow) {
  return [row.PrimarySmtpAddress, ...(knownOtherAddresses(row.EmailAddresses) ?? [])];
}

function isEqualTo(folded: string) {
  return (text: string | null | undefined) => text?.toLowerCase() === folded;
}
