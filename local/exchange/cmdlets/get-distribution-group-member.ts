import type { DirectoryObject } from "#local/exchange/answer/directory-object";
import type { JsonValue } from "#local/exchange/answer/json-value";
import { bindParameters } from "#local/exchange/cmdlets/bind-parameters";
import { objectNotFound } from "#local/exchange/cmdlets/faults";
import { resolveGroup } from "#local/exchange/cmdlets/group-relations";
import { memberProperties, memberTypeNames } from "#local/exchange/cmdlets/member-properties";
import { showRecord } from "#local/exchange/cmdlets/property-table";
import type { ParameterKind, ServedCmdlet } from "#local/exchange/cmdlets/served-cmdlet";
import type { Tenant } from "#local/exchange/tenant/tenant";

const parameters = { Identity: "text", ResultSize: "size" } as const satisfies Record<string, ParameterKind>;

/** A group's direct members as recipients, accounts without mail among them; groups within it count as one each. */
export const getDistributionGroupMember: ServedCmdlet = {
  name: "Get-DistributionGroupMember",
  access: "read",
  parameters,
  run: (tenant, given) => run(tenant, given),
};

function run(tenant: Tenant, given: Readonly<Record<string, JsonValue>>): readonly DirectoryObject[] {
  const identity = bindParameters(parameters, given).mandatoryText("Identity");
  const { group, recipientTypeDetails } = resolveGroup(tenant, identity, (text) => objectNotFound(tenant, text));
  if (group === undefined || recipientTypeDetails === "GroupMailbox") throw objectNotFound(tenant, identity);
  return tenant.records
    .filter((record) => group.members.has(record))
    .map((record) => showRecord(memberTypeNames, memberProperties, record, tenant));
}
