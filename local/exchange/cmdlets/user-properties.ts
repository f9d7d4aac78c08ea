import { accountProperties } from "#local/exchange/cmdlets/account-properties";
import { commonProperties } from "#local/exchange/cmdlets/common-properties";
import { dtmfMapOf } from "#local/exchange/cmdlets/dtmf-map";
import * as person from "#local/exchange/cmdlets/person-properties";
import {
  emptyList,
  emptyText,
  enumeration,
  flag,
  integer,
  links,
  list,
  nothing,
  shownOnly,
  text,
} from "#local/exchange/cmdlets/property";
import { createPropertyTable } from "#local/exchange/cmdlets/property-table";

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
