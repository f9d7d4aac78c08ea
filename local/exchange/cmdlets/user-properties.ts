import { commonProperties } from "#local/exchange/cmdlets/common-properties";
import * as person from "#local/exchange/cmdlets/person-properties";
import { dtmfMapOf } from "#local/exchange/cmdlets/person-properties";
import {
  emptyList,
  emptyText,
  enumeration,
  flag,
  flags,
  integer,
  links,
  list,
  nothing,
  type Property,
  shownOnly,
  text,
  time,
} from "#local/exchange/cmdlets/property";
import { createPropertyTable } from "#local/exchange/cmdlets/property-table";
import type { DirectoryRecord } from "#local/exchange/tenant/directory-record";
import { hasMailbox, recipientTypeDetailsNames } from "#local/exchange/tenant/recipient-types";
import { legacyExchangeDnOf } from "#local/exchange/tenant/tenant-address";

const managementNamespace = "Microsoft.Exchange.Data.Directory";
const releases = ["None", "E14", "E15"];

/** What Get-User shows of the account, ahead of the person. */
const accountProperties: readonly Property[] = [
  flag("IsSecurityPrincipal", () => true),
  person.samAccountName,
  text("Sid", (record) => sidOf(record)),
  emptyList("SidHistory"),
  text("UserPrincipalName", (record) => record.userPrincipalName),
  shownOnly(flag("ResetPasswordOnNextLogon", () => false)),
  emptyList("CertificateSubject"),
  flag("RemotePowerShellEnabled", isMailbox),
  person.windowsLiveId,
  shownOnly(text("MicrosoftOnlineServicesID", (record) => record.userPrincipalName)),
  text("NetID", ({ guid }) => `1003${guid.replaceAll("-", "").slice(0, 12).toUpperCase()}`),
  nothing("ConsumerNetID"),
  flags(
    "UserAccountControl",
    `${managementNamespace}.UserAccountControlFlags`,
    ["None", "AccountDisabled", "NormalAccount", "DoNotExpirePassword"],
    ({ isAccountDisabled }) => (isAccountDisabled ? "AccountDisabled,NormalAccount" : "NormalAccount"),
  ),
  shownOnly(text("OrganizationalUnit", (_, { address }) => address.organizationalUnitPath)),
  flag("IsLinked", (record) => record.recipientTypeDetails.startsWith("Linked")),
  shownOnly(emptyText("LinkedMasterAccount")),
  person.externalDirectoryObjectId,
  {
    name: "SKUAssigned",
    value: (record) => (hasLicence(record) ? true : null),
    filter: { kind: "boolean", read: hasLicence },
  },
  flag("IsSoftDeletedByRemove", () => false),
  flag("IsSoftDeletedByDisable", () => false),
  time("WhenSoftDeleted", () => undefined),
  enumeration(
    "PreviousRecipientTypeDetails",
    person.recipientTypeDetailsTypeName,
    ["None", ...recipientTypeDetailsNames],
    none,
  ),
  enumeration("UpgradeRequest", `${managementNamespace}.UpgradeRequestTypes`, upgradeRequests(), none),
  enumeration("UpgradeStatus", `${managementNamespace}.UpgradeStatusTypes`, upgradeStatuses(), none),
  shownOnly(emptyText("UpgradeDetails")),
  shownOnly(emptyText("UpgradeMessage")),
  shownOnly(nothing("UpgradeStage")),
  shownOnly(nothing("UpgradeStageTimeStamp")),
  shownOnly(text("MailboxRegion", (record) => (isMailbox(record) ? "EUR" : ""))),
  shownOnly(nothing("MailboxRegionLastUpdateTime")),
  shownOnly(nothing("MailboxProvisioningConstraint")),
  shownOnly(emptyList("MailboxProvisioningPreferences")),
  text("LegacyExchangeDN", legacyExchangeDnOf),
  emptyList("InPlaceHoldsRaw"),
  enumeration("MailboxRelease", `${managementNamespace}.MailboxRelease`, releases, (record) =>
    isMailbox(record) ? "E15" : "None",
  ),
  enumeration("ArchiveRelease", `${managementNamespace}.MailboxRelease`, releases, none),
  shownOnly(flag("AccountDisabled", (record) => record.isAccountDisabled)),
  nothing("AuthenticationPolicy"),
  time("StsRefreshTokensValidFrom", (record) => record.whenCreatedMs),
  emptyList("AdministrativeUnits"),
];

function isMailbox({ recipientTypeDetails }: DirectoryRecord): boolean {
  return hasMailbox(recipientTypeDetails);
}

function hasLicence(record: DirectoryRecord): boolean {
  return record.recipientTypeDetails === "UserMailbox" && !record.isAccountDisabled;
}

function none(): string {
  return "None";
}

function sidOf({ guid }: DirectoryRecord): string {
  return `S-1-5-21-3628364307-1600040346-819251021-${1000 + Number.parseInt(guid.slice(0, 7), 16)}`;
}

function upgradeRequests(): readonly string[] {
  return ["None", "TenantUpgrade", "PrestageUpgrade", "CancelPrestageUpgrade", "PilotUpgrade", "TenantUpgradeDryRun"];
}

function upgradeStatuses(): readonly string[] {
  return ["None", "NotStarted", "InProgress", "Warning", "Error", "Cancelled", "Complete", "ForceComplete"];
}

export const userTypeNames: readonly string[] = [
  "Deserialized.Microsoft.Exchange.Data.Directory.Management.User",
  "Deserialized.Microsoft.Exchange.Data.Directory.Management.OrgPersonPresentationObject",
  "Deserialized.Microsoft.Exchange.Data.Directory.Management.ADPresentationObject",
  "Deserialized.Microsoft.Exchange.Data.Directory.ADObject",
  "Deserialized.Microsoft.Exchange.Data.Directory.ADRawEntry",
  "Deserialized.Microsoft.Exchange.Data.ConfigurableObject",
  "Deserialized.System.Object",
];

/** What Get-User shows of the person, between the account and what all objects have. */
const personProperties = [
  emptyText("AssistantName"),
  person.city,
  person.company,
  person.countryOrRegion,
  person.department,
  links("DirectReports", (record, tenant) => tenant.directReportsOf(record)),
  person.displayName,
  emptyText("Fax"),
  person.firstName,
  shownOnly(nothing("GeoCoordinates")),
  emptyText("HomePhone"),
  emptyText("Initials"),
  flag("IsDirSynced", (record) => record.isDirSynced),
  person.lastName,
  person.manager,
  text("MobilePhone", (record) => record.mobilePhone),
  person.notes,
  person.office,
  emptyList("OtherFax"),
  emptyList("OtherHomePhone"),
  emptyList("OtherTelephone"),
  emptyText("Pager"),
  person.phone,
  emptyText("PhoneticDisplayName"),
  emptyText("PostalCode"),
  emptyList("PostOfficeBox"),
  person.recipientType,
  person.recipientTypeDetails,
  emptyText("SimpleDisplayName"),
  person.stateOrProvince,
  emptyText("StreetAddress"),
  person.title,
  shownOnly(nothing("UMDialPlan")),
  list("UMDtmfMap", dtmfMapOf),
  enumeration(
    "AllowUMCallsFromNonUsers",
    "Microsoft.Exchange.Data.Directory.AllowUMCallsFromNonUsersFlags",
    ["None", "SearchEnabled"],
    () => "SearchEnabled",
  ),
  emptyText("WebPage"),
  emptyText("TelephoneAssistant"),
  text("WindowsEmailAddress", (record) => record.primarySmtpAddress),
  emptyList("UMCallingLineIds"),
  shownOnly(integer("SeniorityIndex", (record) => record.seniorityIndex)),
  emptyList("VoiceMailSettings"),
];

/**
 * Get-User's properties, and those of them it can filter on.
 * https://learn.microsoft.com/powershell/exchange/filter-properties
 */
export const userProperties = createPropertyTable([...accountProperties, ...personProperties, ...commonProperties], {
  c: { kind: "text", read: (record) => record.countryLetters },
  CountryCode: { kind: "integer", read: () => 0 },
  MasterAccountSid: {
    kind: "text",
    read: (record) => (record.recipientTypeDetails === "UserMailbox" ? "" : "S-1-5-10"),
  },
  MemberOfGroup: person.memberOfGroup,
});
