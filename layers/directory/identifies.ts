import { knownOtherAddresses } from "#directory/property";
import type { IdentifiedRow } from "#directory/recipient";
import { parseGuid } from "#exchange/values";

/** What a caller's text can be meant as. Its looks decide: a name may be chosen so that it looks like something else. */
export type IdentityKind = "id" | "distinguishedName" | "address" | "name";

/** GUIDs in each of the ways that .NET reads and writes them. */
const guidLike = /^[{(]?[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}[)}]?$/;
const dnLike = /^(?:(?:cn|ou|dc|o|uid)\s*=|\/o=)/;
const addressLike = /^(?:(?=\S+$).+@.|(?:smtp|sip|x500|x400|eum|spo):.*$)/;

/** How a text looks, which tells the properties it is compared with. */
export function kindOfIdentity(identity: string): IdentityKind {
  const text = identity.trim().toLowerCase();
  if (guidLike.test(text)) return "id";
  if (dnLike.test(text)) return "distinguishedName";
  return addressLike.test(text) ? "address" : "name";
}

/** The identity as Exchange is asked for it: a GUID in the way that it writes them itself. */
export function toAsked(identity: string): string {
  if (kindOfIdentity(identity) !== "id") return identity;
  return fold(identity).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

/** Whether a text can name one object alone, if any: no other is worth suggesting in its place. */
export function isExact(identity: string): boolean {
  return kindOfIdentity(identity) !== "name" || identity.includes("*");
}

/**
 * Whether the identity is this object's own, in any letter case: what looks like an address one of its addresses or its
 * sign-in name, a GUID one of its ids, a distinguished name that, and anything else its name or alias. A display name is
 * none of them: several objects may share it.
 */
export function identifies(identity: string, row: IdentifiedRow): boolean {
  return propertiesMeant(identity, row).includes(fold(identity));
}

/** Whether it is that, or a name that is the object's display name. */
export function fits(identity: string, row: IdentifiedRow): boolean {
  const isDisplayName = kindOfIdentity(identity) === "name" && row.DisplayName?.toLowerCase() === fold(identity);
  return isDisplayName || identifies(identity, row);
}

function propertiesMeant(identity: string, row: IdentifiedRow): (string | undefined)[] {
  switch (kindOfIdentity(identity)) {
    case "id":
      return [row.ExchangeObjectId, row.Guid, row.ExternalDirectoryObjectId].map((id) =>
        parseGuid(id)?.replaceAll("-", ""),
      );
    case "distinguishedName":
      return [row.DistinguishedName?.toLowerCase()];
    case "address":
      return addressesOf(row).map((address) => address?.toLowerCase());
    case "name":
      return [row.Name?.toLowerCase(), row.Alias?.toLowerCase()];
  }
}

/** Mail addresses without "smtp:", other proxy addresses with their prefix. */
function addressesOf(row: IdentifiedRow): (string | null | undefined)[] {
  const others = (row.EmailAddresses ?? []).filter((address) => !/^smtp:/i.test(address));
  return [row.PrimarySmtpAddress, row.WindowsLiveID, ...(knownOtherAddresses(row.EmailAddresses) ?? []), ...others];
}

/** The text as the properties it can be meant as have it. */
function fold(identity: string): string {
  const text = identity.toLowerCase();
  switch (kindOfIdentity(identity)) {
    case "id":
      return text.replaceAll(/[^0-9a-f]/g, "");
    case "address":
      return text.replace(/^smtp:/, "");
    default:
      return text;
  }
}
