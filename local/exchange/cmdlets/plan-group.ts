import type { BoundParameters } from "#local/exchange/cmdlets/bind-parameters";
import { groupAddresses } from "#local/exchange/cmdlets/group-addresses";
import { groupNames } from "#local/exchange/cmdlets/group-names";
import { resolveMember, resolveModerator, resolveOwner } from "#local/exchange/cmdlets/group-relations";
import { toMember } from "#local/exchange/cmdlets/listed-types";
import { recipientTask } from "#local/exchange/cmdlets/write-faults";
import type { DirectoryRecord, GroupFields } from "#local/exchange/tenant/directory-record";
import type { NewRecord } from "#local/exchange/tenant/new-record";
import type { Tenant } from "#local/exchange/tenant/tenant";

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
