import {
  createGroupFields,
  createRecord,
  type DirectoryRecord,
  type GroupFields,
  type MutableRecord,
} from "#local/exchange/tenant/directory-record";
import type { Random } from "#local/exchange/tenant/random";
import {
  hasMailbox,
  isGroupType,
  type RecipientTypeDetails,
  recipientTypeOf,
} from "#local/exchange/tenant/recipient-types";

/** What a test says about an object to add; the rest follows from the name. */
export type NewRecord = Partial<Omit<MutableRecord, "group" | "isRemoved">> & {
  name: string;
  group?: Partial<GroupFields>;
};

/** Fills in what Exchange would: ids, an alias made of the name, addresses at the tenant's domain. */
export function completeRecord(fields: NewRecord, domain: string, random: Random): DirectoryRecord {
  const type = fields.recipientTypeDetails ?? "UserMailbox";
  const guid = fields.guid ?? random.guid();
  const alias =
    fields.alias ?? (recipientTypeOf(type) === "User" || type === "RoleGroup" ? "" : aliasOf(fields.name, guid));
  const address = alias === "" ? "" : `${alias}@${domain}`;
  const createdMs = fields.whenCreatedMs ?? defaultCreatedMs;

  return createRecord({
    ...fields,
    guid,
    recipientTypeDetails: type,
    alias,
    externalDirectoryObjectId: fields.externalDirectoryObjectId ?? random.guid(),
    userPrincipalName: fields.userPrincipalName ?? (isPerson(type) ? `${aliasOf(fields.name, guid)}@${domain}` : ""),
    primarySmtpAddress: fields.primarySmtpAddress ?? address,
    whenCreatedMs: createdMs,
    whenChangedMs: fields.whenChangedMs ?? createdMs,
    group: isGroupType(type) ? createGroupFields(fields.group) : undefined,
    ...(hasMailbox(type) ? { exchangeGuid: fields.exchangeGuid ?? random.guid() } : {}),
  });
}

const defaultCreatedMs = Date.UTC(2024, 3, 10, 8, 56, 22);

function isPerson(type: RecipientTypeDetails): boolean {
  return ["UserMailbox", "MailUser", "User"].includes(recipientTypeOf(type));
}

/** The name, where it can be an alias as it is; else what of it can be one, and the GUID's first digits. */
function aliasOf(name: string, guid: string): string {
  if (/^[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*$/.test(name)) return name;
  const letters = name.normalize("NFKD").replace(/[^A-Za-z0-9]+/g, "");
  return `${letters.slice(0, 40) || "user"}-${guid.slice(0, 8)}`;
}
