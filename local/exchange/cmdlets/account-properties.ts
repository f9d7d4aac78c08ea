import * as person from "#local/exchange/cmdlets/person-properties";
import {
  emptyList,
  emptyText,
  enumeration,
  flag,
  flags,
  nothing,
  type Property,
  shownOnly,
  text,
  time,
} from "#local/exchange/cmdlets/property";
import type { DirectoryRecord } from "#local/exchange/tenant/directory-record";
import { hasMailbox, recipientTypeDetailsNames } from "#local/exchange/tenant/recipient-types";
import { legacyExchangeDnOf } from "#local/exchange/tenant/tenant-address";

const managementNamespace = "Microsoft.Exchange.Data.Directory";
const releases = ["None", "E14", "E15"];

/** What Get-User shows of the account, ahead of the person. */
export const accountProperties: readonly Property[] = [
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
