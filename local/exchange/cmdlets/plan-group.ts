import type { BoundParameters } from "#local/exchange/cmdlets/bind-parameters";
import {
  cannotBind,
  invalidData,
  nameNotAvailable,
  notAcceptedDomain,
  objectAlreadyExists,
  proxyAddressExists,
  recipientTask,
} from "#local/exchange/cmdlets/faults";
import { resolveMember, resolveModerator, resolveOwner } from "#local/exchange/cmdlets/group-relations";
import { toMember } from "#local/exchange/cmdlets/listed-types";
import { smtpAddressesOf } from "#local/exchange/cmdlets/mail-properties";
import { toAlias, toAscii, validAlias } from "#local/exchange/tenant/alias";
import type { DirectoryRecord, GroupFields, NewRecord } from "#local/exchange/tenant/directory-record";
import { applyNamingPolicy, findBlockedWord, type Tenant } from "#local/exchange/tenant/tenant";

const restrictions = ["Open", "Closed", "ApprovalRequired"] as const;

/** The group that New-DistributionGroup's parameters ask for. Throws CmdletFault where there can be no such group. */
export function planGroup(tenant: Tenant, bound: BoundParameters): NewRecord {
  const names = groupNames(tenant, bound);
  const isSecurity =
    toMember("Type", bound.text("Type") ?? "Distribution", "Microsoft.Exchange.Management.RecipientTasks.GroupType", [
      "Distribution",
      "Security",
    ]) === "Security";
  return {
    ...names,
    ...groupAddresses(tenant, bound, bound.mandatoryText("Name")),
    recipientTypeDetails: isSecurity
      ? "MailUniversalSecurityGroup"
      : bound.isOn("RoomList")
        ? "RoomList"
        : "MailUniversalDistributionGroup",
    notes: bound.text("Notes") ?? "",
    group: {
      ...restrictionsOf(bound, isSecurity),
      ...moderationOf(tenant, bound, isSecurity),
      ...peopleOf(tenant, bound),
      requireSenderAuthenticationEnabled: bound.flag("RequireSenderAuthenticationEnabled") ?? true,
      isMembershipHidden: bound.isOn("HiddenGroupMembershipEnabled"),
      isBccBlocked: bound.flag("BccBlocked") ?? false,
      description: bound.texts("Description") ?? [],
    },
  };
}

/** Members of a security group may neither come nor go by themselves. */
function restrictionsOf(bound: BoundParameters, isSecurity: boolean): Partial<GroupFields> {
  const read = (parameter: string, byDefault: (typeof restrictions)[number]) => {
    const asked = bound.text(parameter) ?? byDefault;
    const restriction = toMember(
      parameter,
      asked,
      "Microsoft.Exchange.Data.Directory.Recipient.MemberUpdateType",
      restrictions,
    );
    if (isSecurity && restriction === "Open") {
      throw recipientTask(`The value "Open" of ${parameter} can't be used for security groups.`);
    }
    return restriction;
  };
  return {
    memberJoinRestriction: read("MemberJoinRestriction", "Closed"),
    memberDepartRestriction: read("MemberDepartRestriction", isSecurity ? "Closed" : "Open"),
  };
}

function moderationOf(tenant: Tenant, bound: BoundParameters, isSecurity: boolean): Partial<GroupFields> {
  const moderatedBy = resolveEach(bound.texts("ModeratedBy"), (identity) => resolveModerator(tenant, identity));
  const moderationEnabled = bound.flag("ModerationEnabled") ?? false;
  if (isSecurity && moderationEnabled && moderatedBy.length === 0) {
    throw recipientTask("A security group that is moderated needs a moderator.");
  }
  return { moderatedBy, moderationEnabled };
}

/** Whoever makes a group owns it unless told; an app is nobody, and its groups belong to the organization's managers. */
function peopleOf(tenant: Tenant, bound: BoundParameters): Partial<GroupFields> {
  const asked = bound.texts("ManagedBy");
  const managedBy = asked
    ? resolveEach(asked, (identity) => resolveOwner(tenant, identity))
    : tenant.find("Organization Management", ({ recipientTypeDetails }) => recipientTypeDetails === "RoleGroup");
  const members = resolveEach(bound.texts("Members"), (identity) => resolveMember(tenant, identity));
  return { managedBy, members: new Set([...members, ...(asked && bound.isOn("CopyOwnerToMember") ? managedBy : [])]) };
}

function resolveEach(
  identities: readonly string[] | undefined,
  resolve: (identity: string) => DirectoryRecord,
): readonly DirectoryRecord[] {
  return [...new Set((identities ?? []).map(resolve))];
}

const maximumNameLength = 64;
const maximumDisplayNameLength = 256;

/** A new group's name and display name as the naming policy makes them. Throws for a name that is taken or unfit. */
function groupNames(tenant: Tenant, bound: BoundParameters): { name: string; displayName: string } {
  const asked = bound.mandatoryText("Name");
  const shown = bound.text("DisplayName") ?? asked;
  if (asked.length > maximumNameLength) throw cannotBind("Name", tooLong(asked, maximumNameLength));
  if (shown.length > maximumDisplayNameLength)
    throw cannotBind("DisplayName", tooLong(shown, maximumDisplayNameLength));

  const policy = bound.isOn("IgnoreNamingPolicy") ? undefined : tenant.groupNamingPolicy;
  const blocked = policy && (findBlockedWord(policy, asked) ?? findBlockedWord(policy, shown));
  if (blocked !== undefined) {
    throw invalidData(`The group name contains "${blocked}", a word that the group naming policy blocks.`);
  }
  const name = policy ? applyNamingPolicy(policy, asked) : asked;
  if (name.length > maximumNameLength) throw invalidData(tooLong(name, maximumNameLength));
  refuseTakenName(tenant, name);
  return { name, displayName: policy ? applyNamingPolicy(policy, shown) : shown };
}

/** No two objects of the tenant's organizational unit have one name, whatever they are. */
function refuseTakenName({ whole }: Tenant, name: string): void {
  const folded = name.toLowerCase();
  const [holder] = whole.find(name, (record) => record.name.toLowerCase() === folded);
  if (holder === undefined) return;
  throw holder.alias === "" ? objectAlreadyExists(whole, name) : nameNotAvailable(name);
}

function tooLong(value: string, maximum: number): string {
  return `The length of the property is too long. The maximum length is ${maximum} and the length of the value provided is ${value.length}.`;
}

const validAddress = /^[^\s@<>()[\],;:\\"]+@[^\s@]+\.[^\s@]+$/u;
const aliasRule =
  "Valid values are: Strings formed with characters from A to Z (uppercase or lowercase), digits from 0 to 9, !, #, $, %, &, ', *, +, -, /, =, ?, ^, _, `, {, |, } or ~. One or more periods may be embedded in an alias, but each period should be preceded and followed by at least one of the other characters. Unicode characters from U+00A1 to U+00FF are also valid in an alias, but they will be mapped to a best-fit US-ASCII string in the e-mail address, which is generated from such an alias.";

type GroupAddresses = Pick<DirectoryRecord, "alias" | "primarySmtpAddress" | "otherAddresses">;

/**
 * A new group's alias and addresses: the primary one as asked for or made of the alias, and one at the initial domain.
 * Throws for what is unfit, or belongs to another object.
 */
function groupAddresses(tenant: Tenant, bound: BoundParameters, name: string): GroupAddresses {
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
