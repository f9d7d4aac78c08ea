import type { DirectoryObject, JsonValue } from "#local/exchange/answer/json-answer";
import { bindParameters, type ParameterKind, type ServedCmdlet } from "#local/exchange/cmdlets/bind-parameters";
import {
  distributionGroupProperties,
  distributionGroupTypeNames,
} from "#local/exchange/cmdlets/distribution-group-properties";
import { planGroup } from "#local/exchange/cmdlets/plan-group";
import { showRecord } from "#local/exchange/cmdlets/property-table";
import type { Tenant } from "#local/exchange/tenant/tenant";

const parameters = {
  Name: "text",
  Alias: "text",
  BccBlocked: "boolean",
  Confirm: "switch",
  CopyOwnerToMember: "switch",
  Description: "list",
  DisplayName: "text",
  HiddenGroupMembershipEnabled: "switch",
  IgnoreNamingPolicy: "switch",
  ManagedBy: "list",
  MemberDepartRestriction: "text",
  MemberJoinRestriction: "text",
  Members: "list",
  ModeratedBy: "list",
  ModerationEnabled: "boolean",
  Notes: "text",
  PrimarySmtpAddress: "text",
  RequireSenderAuthenticationEnabled: "boolean",
  RoomList: "switch",
  Type: "text",
  WhatIf: "switch",
} as const satisfies Record<string, ParameterKind>;

/** Makes a group and answers it. Everything is checked before anything is made, with WhatIf too. */
export const newDistributionGroup: ServedCmdlet = {
  name: "New-DistributionGroup",
  access: "write",
  parameters,
  run: (tenant, given, nowMs = Date.now()) => run(tenant, given, nowMs),
};

function run(tenant: Tenant, given: Readonly<Record<string, JsonValue>>, nowMs: number): readonly DirectoryObject[] {
  const bound = bindParameters(parameters, given);
  const planned = planGroup(tenant, bound);
  if (bound.isOn("WhatIf")) return [];
  const group = tenant.addGroup({ ...planned, whenCreatedMs: Math.floor(nowMs / 1000) * 1000 });
  return [showRecord(distributionGroupTypeNames, distributionGroupProperties.properties, group, tenant)];
}
