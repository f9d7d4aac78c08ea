import { knownOtherAddresses, knownOwnerNames, knownText, knownTexts, objectFields } from "#directory/fields";
import { createListing, type Listing } from "#directory/listing";
import { type Fields, type Group, parseGroup } from "#directory/records";
import type { ExchangeClient } from "#exchange/client";
import { type DistributionGroupRow, getDistributionGroup } from "#exchange/cmdlets/distribution-group";

/** Every kind of group that Get-DistributionGroup shows; dynamic groups and Microsoft 365 groups are not among them. */
const groupTypes = {
  MailUniversalDistributionGroup: "distribution",
  MailNonUniversalGroup: "distribution",
  MailUniversalSecurityGroup: "security",
  RoomList: "roomList",
} as const satisfies Record<string, Group["type"]>;

type GroupType = keyof typeof groupTypes;

/** The tenant's groups. */
export function listGroups(client: ExchangeClient): Listing<Group> {
  const types = Object.keys(groupTypes) as GroupType[];
  return createListing(client, { cmdlet: getDistributionGroup, types, parse: (row) => parseGroup(toFields(row)) });
}

function toFields(row: DistributionGroupRow): Fields<Group> {
  return {
    ...objectFields(row),
    alias: knownText(row.Alias),
    primaryAddress: knownText(row.PrimarySmtpAddress),
    otherAddresses: knownOtherAddresses(row.EmailAddresses),
    type: groupTypes[row.RecipientTypeDetails as GroupType],
    owners: knownTexts(row.ManagedBy),
    ownerNames: knownOwnerNames(row),
    joinRestriction: row.MemberJoinRestriction,
    departRestriction: row.MemberDepartRestriction,
    isMasteredOnPremises: row.IsDirSynced,
    isHidden: row.HiddenFromAddressListsEnabled,
    requiresSenderAuthentication: row.RequireSenderAuthenticationEnabled,
    isModerated: row.ModerationEnabled,
    moderators: knownTexts(row.ModeratedBy),
    description: knownTexts(row.Description),
  };
}
