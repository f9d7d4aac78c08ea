import type { RecipientTypeDetails } from "#local/exchange/tenant/recipient-types";

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
    ...fields,
  };
}
