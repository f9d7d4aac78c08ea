import { commonProperties } from "#local/exchange/cmdlets/common-properties";
import * as mail from "#local/exchange/cmdlets/mail-properties";
import { isClosedToStrangers, mailEnabledRecipientProperties } from "#local/exchange/cmdlets/mail-properties";
import * as person from "#local/exchange/cmdlets/person-properties";
import {
  emptyList,
  emptyText,
  enumeration,
  flag,
  flags,
  list,
  type Property,
  shownOnly,
} from "#local/exchange/cmdlets/property";
import { createPropertyTable } from "#local/exchange/cmdlets/property-table";
import { recipientProperties } from "#local/exchange/cmdlets/recipient-properties";
import type { DirectoryRecord } from "#local/exchange/tenant/directory-record";

export const memberTypeNames: readonly string[] = [
  "Deserialized.Microsoft.Exchange.Data.Directory.Management.ReducedRecipient",
  "Deserialized.Microsoft.Exchange.Data.Directory.ADObject",
  "Deserialized.Microsoft.Exchange.Data.Directory.ADRawEntry",
  "Deserialized.Microsoft.Exchange.Data.ConfigurableObject",
  "Deserialized.System.Object",
];

const common = new Set(commonProperties.map(({ name }) => name));

/** What a cmdlet that answers recipients shows of them: by their names, then what all objects have. */
export const memberProperties: readonly Property[] = [
  ...recipientProperties.properties
    .filter(({ name }) => !common.has(name))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1)),
  ...commonProperties,
];

export const distributionGroupTypeNames: readonly string[] = [
  "Deserialized.Microsoft.Exchange.Data.Directory.Management.DistributionGroup",
  "Deserialized.Microsoft.Exchange.Data.Directory.Management.DistributionGroupBase",
  "Deserialized.Microsoft.Exchange.Data.Directory.Management.MailEnabledRecipient",
  "Deserialized.Microsoft.Exchange.Data.Directory.Management.ADPresentationObject",
  "Deserialized.Microsoft.Exchange.Data.Directory.ADObject",
  "Deserialized.Microsoft.Exchange.Data.Directory.ADRawEntry",
  "Deserialized.Microsoft.Exchange.Data.ConfigurableObject",
  "Deserialized.System.Object",
];

const recipientNamespace = "Microsoft.Exchange.Data.Directory.Recipient";
const restrictions = ["Open", "Closed", "ApprovalRequired"];

/** Microsoft's pages call it ManagedByWithDisplayNames; the objects have it without the "s". */
const ownersProperty = "ManagedByWithDisplayName";

/** What Get-DistributionGroup shows of the group as such. */
const groupProperties: readonly Property[] = [
  flags(
    "GroupType",
    `${recipientNamespace}.GroupTypeFlags`,
    ["None", "BuiltinLocal", "Global", "DomainLocal", "Universal", "SecurityEnabled"],
    groupTypeOf,
  ),
  person.samAccountName,
  flag("BypassNestedModerationEnabled", () => false),
  flag("IsDirSynced", (record) => record.isDirSynced),
  mail.managedBy,
  enumeration(
    "MemberJoinRestriction",
    `${recipientNamespace}.MemberUpdateType`,
    restrictions,
    ({ group }) => group?.memberJoinRestriction ?? "Closed",
  ),
  enumeration(
    "MemberDepartRestriction",
    `${recipientNamespace}.MemberUpdateType`,
    restrictions,
    ({ group }) => group?.memberDepartRestriction ?? "Closed",
  ),
  shownOnly(flag("MigrationToUnifiedGroupInProgress", () => false)),
  shownOnly(flag("HiddenGroupMembershipEnabled", ({ group }) => group?.isMembershipHidden ?? false)),
  emptyText("ExpansionServer"),
  ...["AcceptMessagesOnlyFromWithDisplayNames", "AcceptMessagesOnlyFromSendersOrMembersWithDisplayNames"].map(unfilled),
  unfilled(ownersProperty),
  ...[
    "AcceptMessagesOnlyFromDLMembersWithDisplayNames",
    "BypassModerationFromSendersOrMembersWithDisplayNames",
    "GrantSendOnBehalfToWithDisplayNames",
    "ModeratedByWithDisplayNames",
    "RejectMessagesFromSendersOrMembersWithDisplayNames",
  ].map(unfilled),
  flag("ReportToManagerEnabled", () => false),
  flag("ReportToOriginatorEnabled", () => true),
  flag("SendOofMessageToOriginatorEnabled", () => false),
  shownOnly(list("Description", ({ group }) => group?.description ?? [])),
  shownOnly(flag("BccBlocked", ({ group }) => group?.isBccBlocked ?? false)),
];

/**
 * Get-DistributionGroup's properties, and those of them it can filter on.
 * https://learn.microsoft.com/powershell/exchange/filter-properties
 */
export const distributionGroupProperties = createPropertyTable(
  [...groupProperties, ...mailEnabledRecipientProperties, ...commonProperties],
  {
    Members: {
      kind: "link",
      holds: ({ group }, member) => group?.members.has(member) ?? false,
      isEmpty: ({ group }) => group === undefined || group.members.size === 0,
    },
    MemberOfGroup: person.memberOfGroup,
    RequireAllSendersAreAuthenticated: { kind: "boolean", read: isClosedToStrangers },
  },
);

/** The properties with owners' addresses and display names: `(anna@contoso.com, Anna Ott)`. */
export const propertiesWithOwners: readonly Property[] = distributionGroupProperties.properties.map((property) =>
  property.name === ownersProperty ? shownOnly(list(ownersProperty, ownersOf)) : property,
);

function ownersOf({ group }: DirectoryRecord): readonly string[] {
  const owners = (group?.managedBy ?? []).filter(({ isRemoved }) => !isRemoved);
  return owners.map((owner) => `(${owner.primarySmtpAddress}, ${owner.displayName})`);
}

function groupTypeOf({ recipientTypeDetails }: DirectoryRecord): string {
  if (recipientTypeDetails === "MailNonUniversalGroup") return "Global";
  return recipientTypeDetails === "MailUniversalSecurityGroup" ? "Universal,SecurityEnabled" : "Universal";
}

/** A list that is empty unless a switch of its own asks for it. */
function unfilled(name: string): Property {
  return shownOnly(emptyList(name));
}
