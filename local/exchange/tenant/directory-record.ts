import type { Random } from "#local/exchange/tenant/random";
import {
  hasMailbox,
  isGroupType,
  type RecipientTypeDetails,
  recipientTypeOf,
} from "#local/exchange/tenant/recipient-types";

const specialCharacters = /[,\\+"<>;=\r\n]/g;

/** A name as the value of a DN's part: RFC 4514's special characters with a backslash, line breaks as their code. */
export function escapeDnValue(value: string): string {
  const escaped = value.replace(specialCharacters, (character) => {
    if (character === "\n") return "\\0A";
    if (character === "\r") return "\\0D";
    return `\\${character}`;
  });
  return escaped.replace(/^[ #]/, "\\$&").replace(/(?<!\\) $/, "\\ ");
}

/** The text that `escapeDnValue` made a DN's value of. */
function unescapeDnValue(value: string): string {
  return value.replace(/\\([0-9A-Fa-f]{2}|.)/gs, (_, code: string) =>
    code.length === 2 ? String.fromCharCode(Number.parseInt(code, 16)) : code,
  );
}

/** Splits `CN=<name>,<rest>` into the name and the rest, or answers undefined where the text is no such DN. */
export function splitDistinguishedName(text: string): { name: string; parent: string } | undefined {
  const match = /^CN=((?:[^,\\]|\\.)+),(.+)$/is.exec(text);
  if (match?.[1] === undefined || match[2] === undefined) return undefined;
  return { name: unescapeDnValue(match[1]), parent: match[2] };
}

/** What a group has beside what every object has. */
export type GroupFields = {
  members: Set<DirectoryRecord>;
  managedBy: readonly DirectoryRecord[];
  moderatedBy: readonly DirectoryRecord[];
  memberJoinRestriction: "Open" | "Closed" | "ApprovalRequired";
  memberDepartRestriction: "Open" | "Closed" | "ApprovalRequired";
  requireSenderAuthenticationEnabled: boolean;
  moderationEnabled: boolean;
  isMembershipHidden: boolean;
  isBccBlocked: boolean;
  description: readonly string[];
  /** When a dynamic group's members were found out. */
  calculatedMs: number | undefined;
};

/** An object as the directory keeps it; what cmdlets show of it is computed when asked. Empty text is "no value". */
export type MutableRecord = {
  guid: string;
  recipientTypeDetails: RecipientTypeDetails;
  /** The mailbox's GUID; all zeros where there is no mailbox. */
  exchangeGuid: string;
  externalDirectoryObjectId: string;
  name: string;
  displayName: string;
  alias: string;
  userPrincipalName: string;
  primarySmtpAddress: string;
  /** With prefix and without the primary one: `smtp:…`, `X500:…`, `SIP:…`. */
  otherAddresses: readonly string[];
  /** `SMTP:…` where mail goes for contacts and mail users. */
  externalEmailAddress: string;
  firstName: string;
  lastName: string;
  department: string;
  title: string;
  company: string;
  office: string;
  city: string;
  stateOrProvince: string;
  countryOrRegion: string;
  /** The two letters of ISO 3166-1. */
  countryLetters: string;
  phone: string;
  mobilePhone: string;
  notes: string;
  manager: DirectoryRecord | undefined;
  seniorityIndex: number | undefined;
  customAttributes: Readonly<Record<number, string>> | undefined;
  isHiddenFromAddressLists: boolean;
  isAccountDisabled: boolean;
  isDirSynced: boolean;
  isVip: boolean;
  isRemoved: boolean;
  whenCreatedMs: number;
  whenChangedMs: number;
  group: GroupFields | undefined;
};

export type DirectoryRecord = Readonly<MutableRecord>;

/** What Exchange shows as the GUID of a mailbox that is not there. */
export const noGuid = "00000000-0000-0000-0000-000000000000";

/** A record with every field, empty where nothing is given. All records share one hidden class, which keeps them small. */
export function createRecord(
  fields: Pick<MutableRecord, "guid" | "recipientTypeDetails" | "name"> & Partial<MutableRecord>,
): DirectoryRecord {
  return {
    guid: fields.guid,
    recipientTypeDetails: fields.recipientTypeDetails,
    exchangeGuid: fields.exchangeGuid ?? noGuid,
    externalDirectoryObjectId: fields.externalDirectoryObjectId ?? "",
    name: fields.name,
    displayName: fields.displayName ?? fields.name,
    alias: fields.alias ?? "",
    userPrincipalName: fields.userPrincipalName ?? "",
    primarySmtpAddress: fields.primarySmtpAddress ?? "",
    otherAddresses: fields.otherAddresses ?? [],
    externalEmailAddress: fields.externalEmailAddress ?? "",
    firstName: fields.firstName ?? "",
    lastName: fields.lastName ?? "",
    department: fields.department ?? "",
    title: fields.title ?? "",
    company: fields.company ?? "",
    office: fields.office ?? "",
    city: fields.city ?? "",
    stateOrProvince: fields.stateOrProvince ?? "",
    countryOrRegion: fields.countryOrRegion ?? "",
    countryLetters: fields.countryLetters ?? "",
    phone: fields.phone ?? "",
    mobilePhone: fields.mobilePhone ?? "",
    notes: fields.notes ?? "",
    manager: fields.manager,
    seniorityIndex: fields.seniorityIndex,
    customAttributes: fields.customAttributes,
    isHiddenFromAddressLists: fields.isHiddenFromAddressLists ?? false,
    isAccountDisabled: fields.isAccountDisabled ?? false,
    isDirSynced: fields.isDirSynced ?? false,
    isVip: fields.isVip ?? false,
    isRemoved: false,
    whenCreatedMs: fields.whenCreatedMs ?? 0,
    whenChangedMs: fields.whenChangedMs ?? fields.whenCreatedMs ?? 0,
    group: fields.group,
  };
}

/** A group's own fields, open to nobody and empty where nothing is given. */
export function createGroupFields(fields: Partial<GroupFields> = {}): GroupFields {
  return {
    members: new Set(),
    managedBy: [],
    moderatedBy: [],
    memberJoinRestriction: "Closed",
    memberDepartRestriction: "Open",
    requireSenderAuthenticationEnabled: true,
    moderationEnabled: false,
    isMembershipHidden: false,
    isBccBlocked: false,
    description: [],
    calculatedMs: undefined,
    ...fields,
  };
}

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
  const primarySmtpAddress = fields.primarySmtpAddress ?? (alias === "" ? "" : `${alias}@${domain}`);
  const isOutside = isContact(type) || type === "MailUser" || type === "GuestMailUser";
  const createdMs = fields.whenCreatedMs ?? defaultCreatedMs;

  return createRecord({
    ...fields,
    guid,
    recipientTypeDetails: type,
    alias,
    externalDirectoryObjectId: fields.externalDirectoryObjectId ?? random.guid(),
    userPrincipalName: fields.userPrincipalName ?? (isPerson(type) ? `${aliasOf(fields.name, guid)}@${domain}` : ""),
    primarySmtpAddress,
    externalEmailAddress: fields.externalEmailAddress ?? (isOutside ? `SMTP:${primarySmtpAddress}` : ""),
    whenCreatedMs: createdMs,
    whenChangedMs: fields.whenChangedMs ?? createdMs,
    group: isGroupType(type) ? createGroupFields(fields.group) : undefined,
    ...(hasMailbox(type) ? { exchangeGuid: fields.exchangeGuid ?? random.guid() } : {}),
  });
}

const defaultCreatedMs = Date.UTC(2024, 3, 10, 8, 56, 22);

function isContact(type: RecipientTypeDetails): boolean {
  return ["MailContact", "MailForestContact"].includes(type);
}

function isPerson(type: RecipientTypeDetails): boolean {
  return ["UserMailbox", "MailUser", "User"].includes(recipientTypeOf(type));
}

/** The name, where it can be an alias as it is; else what of it can be one, and the GUID's first digits. */
function aliasOf(name: string, guid: string): string {
  if (/^[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*$/.test(name)) return name;
  const letters = name.normalize("NFKD").replace(/[^A-Za-z0-9]+/g, "");
  return `${letters.slice(0, 40) || "user"}-${guid.slice(0, 8)}`;
}
