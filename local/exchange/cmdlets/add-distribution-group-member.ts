import type { DirectoryObject, JsonValue } from "#local/exchange/answer/json-answer";
import { bindParameters, type ParameterKind, type ServedCmdlet } from "#local/exchange/cmdlets/bind-parameters";
import {
  alreadyMember,
  groupMailboxUnsupported,
  masteredOnPremises,
  recipientNotFound,
  requiresGroupManager,
} from "#local/exchange/cmdlets/faults";
import { resolveGroup, resolveMember } from "#local/exchange/cmdlets/group-relations";
import type { Tenant } from "#local/exchange/tenant/tenant";

const name = "Add-DistributionGroupMember";

const parameters = {
  Identity: "text",
  Member: "text",
  BypassSecurityGroupManagerCheck: "switch",
  Confirm: "switch",
  WhatIf: "switch",
} as const satisfies Record<string, ParameterKind>;

/**
 * Puts a recipient into a group and answers nothing. An app owns no group, so without BypassSecurityGroupManagerCheck it
 * is refused. Without a member the real cmdlet adds whoever calls it, which an app cannot be.
 */
export const addDistributionGroupMember: ServedCmdlet = {
  name,
  access: "write",
  parameters,
  run: (tenant, given) => run(tenant, given),
};

function run(tenant: Tenant, given: Readonly<Record<string, JsonValue>>): readonly DirectoryObject[] {
  const bound = bindParameters(parameters, given);
  const group = resolveGroup(tenant, bound.mandatoryText("Identity"), recipientNotFound);
  const memberIdentity = bound.mandatoryText("Member");
  if (group.recipientTypeDetails === "GroupMailbox") throw groupMailboxUnsupported();
  if (group.isDirSynced) throw masteredOnPremises(name, "Member", group.name);
  if (!bound.isOn("BypassSecurityGroupManagerCheck")) throw requiresGroupManager();

  const member = resolveMember(tenant, memberIdentity);
  if (group.group?.members.has(member)) throw alreadyMember(member.name, group.name);
  if (!bound.isOn("WhatIf")) tenant.addMember(group, member);
  return [];
}
