import type { DirectoryObject, JsonValue } from "#local/exchange/answer/json-answer";
import { bindParameters, type ParameterKind, type ServedCmdlet } from "#local/exchange/cmdlets/bind-parameters";
import { memberProperties, memberTypeNames } from "#local/exchange/cmdlets/distribution-group-properties";
import { objectNotFound } from "#local/exchange/cmdlets/faults";
import { resolveGroup } from "#local/exchange/cmdlets/group-relations";
import { showRecord } from "#local/exchange/cmdlets/property-table";
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
