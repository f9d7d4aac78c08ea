import type { BoundParameters } from "#local/exchange/cmdlets/bind-parameters";
import { smtpAddressesOf } from "#local/exchange/cmdlets/email-addresses";
import { cannotBind } from "#local/exchange/cmdlets/faults";
import { notAcceptedDomain, proxyAddressExists } from "#local/exchange/cmdlets/write-faults";
import type { DirectoryRecord } from "#local/exchange/tenant/directory-record";
import type { Tenant } from "#local/exchange/tenant/tenant";

const aliasCharacter = "[A-Za-z0-9!#$%&'*+\\-/=?^_`{|}~\\u00A1-\\u00FF]";
const validAlias = new RegExp(`^(?=.{1,64}$)${aliasCharacter}+(?:\\.${aliasCharacter}+)*$`, "u");
const validAddress = /^[^\s@<>()[\],;:\\"]+@[^\s@]+\.[^\s@]+$/u;
const aliasRule =
  "Valid values are: Strings formed with characters from A to Z (uppercase or lowercase), digits from 0 to 9, !, #, $, %, &, ', *, +, -, /, =, ?, ^, _, `, {, |, } or ~. One or more periods may be embedded in an alias, but each period should be preceded and followed by at least one of the other characters. Unicode characters from U+00A1 to U+00FF are also valid in an alias, but they will be mapped to a best-fit US-ASCII string in the e-mail address, which is generated from such an alias.";

export type GroupAddresses = Pick<DirectoryRecord, "alias" | "primarySmtpAddress" | "otherAddresses">;

/**
 * A new group's alias and addresses: the primary one as asked for or made of the alias, and one at the initial domain.
 * Throws for what is unfit, or belongs to another object.
 */
export function groupAddresses(tenant: Tenant, bound: BoundParameters, name: string): GroupAddresses {
  const asked = bound.text("Alias");
  if (asked !== undefined && !validAlias.test(asked)) {
    throw cannotBind("Alias", `Property expression "${asked}" isn't valid. ${aliasRule}`);
  }
  const primary = bound.text("PrimarySmtpAddress");
  if (primary !== undefined) checkAddress(tenant, primary);

  const alias = asked ?? freeAlias(tenant, name);
  const addresses = addressesOf(tenant, alias, primary);
  const taken = findTaken(tenant, alias, addresses);
  if (taken) throw proxyAddressExists(taken.address, taken.holder.name);
  const [primarySmtpAddress = "", ...others] = addresses;
  return { alias, primarySmtpAddress, otherAddresses: others.map((address) => `smtp:${address}`) };
}

function checkAddress({ acceptedDomains }: Tenant, address: string): void {
  if (!validAddress.test(address)) {
    throw cannotBind("PrimarySmtpAddress", `The email address "${address}" isn't correct.`);
  }
  const domain = address.slice(address.lastIndexOf("@") + 1).toLowerCase();
  if (!acceptedDomains.some((accepted) => accepted.toLowerCase() === domain)) throw notAcceptedDomain();
}

function addressesOf(tenant: Tenant, alias: string, primary: string | undefined): readonly string[] {
  const local = toAscii(alias);
  const addresses = [primary ?? `${local}@${tenant.defaultDomain}`, `${local}@${tenant.domain}`];
  return addresses.filter((address, place) => place === 0 || address.toLowerCase() !== addresses[0]?.toLowerCase());
}

/** The first address that another object has, or the one at the initial domain where another has the alias. */
function findTaken(
  { whole }: Tenant,
  alias: string,
  addresses: readonly string[],
): { address: string; holder: DirectoryRecord } | undefined {
  for (const [place, address] of addresses.entries()) {
    const folded = address.toLowerCase();
    const [holder] = whole.find(address, (record) =>
      smtpAddressesOf(record).some((other) => other.toLowerCase() === folded),
    );
    if (holder) return { address: `${place === 0 ? "SMTP" : "smtp"}:${address}`, holder };
  }
  const [holder] = whole.find(alias, (record) => record.alias.toLowerCase() === alias.toLowerCase());
  return holder && { address: `smtp:${toAscii(alias)}@${whole.domain}`, holder };
}

/** What Exchange makes of the name, and a number behind it where that is taken. */
function freeAlias(tenant: Tenant, name: string): string {
  const wish = toAlias(name);
  let alias = wish;
  for (let count = 1; findTaken(tenant, alias, addressesOf(tenant, alias, undefined)); count += 1) {
    alias = `${wish}${count}`;
  }
  return alias;
}

/** A name without blanks, with `?` for what an alias cannot hold. */
function toAlias(name: string): string {
  const characters = [...name.replace(/\s/gu, "")].map((character) =>
    character === "." || validAlias.test(character) ? character : "?",
  );
  const withSinglePeriods = characters.join("").replace(/^\.+|\.+$|\.(?=\.)/gu, "");
  return withSinglePeriods.slice(0, 60) || "?";
}

/** https://learn.microsoft.com/powershell/module/exchangepowershell/new-distributiongroup#-alias */
function toAscii(alias: string): string {
  const bestFits: Readonly<Record<string, string>> = { ä: "ae", ö: "oe", ü: "ue", Ä: "Ae", Ö: "Oe", Ü: "Ue", ß: "ss" };
  return alias
    .replace(/[äöüÄÖÜß]/gu, (character) => bestFits[character] ?? "")
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .replace(/[^\x21-\x7e]/gu, "?");
}
