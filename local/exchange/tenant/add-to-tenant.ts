import { toAlias, toAscii } from "#local/exchange/tenant/alias";
import type { DirectoryRecord, NewRecord } from "#local/exchange/tenant/directory-record";
import { identityKeysOf } from "#local/exchange/tenant/identity-index";
import { hasMailbox, recipientTypeOf } from "#local/exchange/tenant/recipient-types";
import type { Tenant } from "#local/exchange/tenant/tenant";
import { type NewGroup, type NewRecipient, type TenantFile, TenantFileError } from "#local/exchange/tenant/tenant-file";

/**
 * Adds what a tenant file holds, with what Exchange would give it where the file is silent, and answers the objects in the
 * file's order: recipients, then groups. Throws TenantFileError for a name or an address that is taken, and for members and
 * owners that are not there or not clear; the tenant is of no use then.
 */
export function addToTenant(
  tenant: Tenant,
  { recipients = [], groups = [], namingPolicy }: TenantFile,
): readonly DirectoryRecord[] {
  const addressOf = createAddresses(tenant);
  const added = tenant.complete([
    ...recipients.map((recipient) => planRecipient(recipient, addressOf(recipient), tenant)),
    ...groups.map((group) => planGroup(group, addressOf(group))),
  ]);
  refuseTaken(tenant, added);
  tenant.addRecords(added);
  const own = new Set(added);
  const find = (identity: string) => findOne(tenant, own, identity);
  groups.forEach(({ members = [], owners = [] }, place) => {
    const group = added[recipients.length + place]?.group;
    if (group) Object.assign(group, { members: new Set(members.map(find)), managedBy: owners.map(find) });
  });
  if (namingPolicy) tenant.groupNamingPolicy = namingPolicy;
  return added;
}

type Addresses = { alias: string; primarySmtpAddress: string };

/** Gives each object its alias and primary address: as it says, or made of its name, with a number where that is taken. */
function createAddresses({ records, defaultDomain }: Tenant): (object: NewRecipient | NewGroup) => Addresses {
  const taken = new Set(records.flatMap(identityKeysOf).map((key) => key.toLowerCase()));
  return ({ name, alias: asked, primaryAddress }) => {
    const wish = asked ?? toAlias(name);
    const addressOf = (alias: string) => `${toAscii(alias)}@${defaultDomain}`;
    let alias = wish;
    for (let count = 1; asked === undefined && taken.has(addressOf(alias).toLowerCase()); count += 1) {
      alias = `${wish}${count}`;
    }
    const primarySmtpAddress = primaryAddress ?? addressOf(alias);
    taken.add(addressOf(alias).toLowerCase());
    return { alias, primarySmtpAddress };
  };
}

function planRecipient(recipient: NewRecipient, addresses: Addresses, { domain }: Tenant): NewRecord {
  const { isDisabled, userPrincipalName } = recipient;
  const type = shownType(recipient);
  const { primarySmtpAddress } = addresses;
  const guestName = `${primarySmtpAddress.replace("@", "_")}#EXT#@${domain}`;
  const hasAccount = !["MailContact", "PublicFolder"].includes(recipientTypeOf(type));
  const usualName = type === "GuestMailUser" ? guestName : hasAccount ? primarySmtpAddress : "";
  return {
    ...planObject(recipient),
    ...(recipientTypeOf(type) === "User" ? {} : addresses),
    recipientTypeDetails: type,
    userPrincipalName: userPrincipalName ?? usualName,
    // Nobody signs in to a room or a shared mailbox.
    isAccountDisabled: isDisabled ?? (type === "DisabledUser" || (hasMailbox(type) && type !== "UserMailbox")),
  };
}

/** What Exchange shows an account as that has no mailbox. */
function shownType({ type, hasMailbox: asked, isDisabled }: NewRecipient): NewRecipient["type"] {
  const isAccount = type === "User" || (type === "UserMailbox" && asked === false);
  return isAccount ? (isDisabled ? "DisabledUser" : "User") : type;
}

function planGroup(group: NewGroup, addresses: Addresses): NewRecord {
  const { type, isMembershipHidden = false, joinRestriction, departRestriction, calculatedAt } = group;
  return {
    ...planObject(group),
    ...(type === "RoleGroup" ? {} : addresses),
    recipientTypeDetails: type,
    group: {
      isMembershipHidden,
      memberJoinRestriction: joinRestriction ?? "Closed",
      memberDepartRestriction: departRestriction ?? (type === "MailUniversalSecurityGroup" ? "Closed" : "Open"),
      ...(calculatedAt === undefined ? {} : { calculatedMs: Date.parse(calculatedAt) }),
    },
  };
}

function planObject({
  name,
  displayName = name,
  addresses = [],
  createdAt,
  ...more
}: NewRecipient | NewGroup): NewRecord {
  return {
    name,
    displayName,
    isHiddenFromAddressLists: more.isHiddenFromAddressLists ?? false,
    isDirSynced: more.isMasteredOnPremises ?? false,
    otherAddresses: addresses.map((address) => (address.includes(":") ? address : `smtp:${address}`)),
    ...(createdAt === undefined ? {} : { whenCreatedMs: Math.floor(Date.parse(createdAt) / 1000) * 1000 }),
  };
}

/** Exchange has no name and no address twice. */
function refuseTaken({ records }: Tenant, added: readonly DirectoryRecord[]): void {
  const holders = new Map<string, DirectoryRecord>();
  const keysOf = (record: DirectoryRecord) => [record.name, ...identityKeysOf(record)].map((key) => key.toLowerCase());
  for (const record of records) for (const key of keysOf(record)) holders.set(key, record);
  for (const record of added) {
    for (const key of keysOf(record)) {
      const holder = key === "" ? undefined : holders.get(key);
      if (holder && holder !== record)
        throw new TenantFileError(`"${key}" of "${record.name}" is taken by "${holder.name}".`);
      holders.set(key, record);
    }
  }
}

/** What has it as its name, which is unique, comes before what is called so; the file's own objects before generated ones. */
function findOne(tenant: Tenant, added: ReadonlySet<DirectoryRecord>, identity: string): DirectoryRecord {
  const fitting = tenant.find(identity, () => true);
  const named = fitting.filter(({ name }) => name.toLowerCase() === identity.toLowerCase());
  const own = fitting.filter((record) => added.has(record));
  const [found, another] = [named, own, fitting].find((some) => some.length > 0) ?? [];
  if (found === undefined) throw new TenantFileError(`Nothing in the tenant is called "${identity}".`);
  if (another !== undefined) throw new TenantFileError(`"${identity}" fits "${found.name}" and "${another.name}".`);
  return found;
}
