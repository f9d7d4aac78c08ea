import type { DirectoryObject, JsonValue } from "#local/exchange/answer/json-answer";
import {
  type BoundParameters,
  bindParameters,
  type ParameterKind,
  type ServedCmdlet,
} from "#local/exchange/cmdlets/bind-parameters";
import {
  distributionGroupProperties,
  distributionGroupTypeNames,
  propertiesWithOwners,
} from "#local/exchange/cmdlets/distribution-group-properties";
import { ambiguousParameterSet } from "#local/exchange/cmdlets/faults";
import { listParameters, listRecords } from "#local/exchange/cmdlets/list-records";
import { showRecord } from "#local/exchange/cmdlets/property-table";
import { resolveRecipient } from "#local/exchange/cmdlets/resolve-identity";
import type { Predicate } from "#local/exchange/filter/filter-expression";
import { distributionGroupTypes } from "#local/exchange/tenant/recipient-types";
import type { Tenant } from "#local/exchange/tenant/tenant";

const parameters = {
  ...listParameters,
  ManagedBy: "text",
  IncludeManagedByWithDisplayNames: "switch",
} as const satisfies Record<string, ParameterKind>;

/**
 * Distribution lists, mail-enabled security groups and room lists. Microsoft 365 groups and dynamic distribution groups
 * are not found; one that is empty as identity counts as none given.
 */
export const getDistributionGroup: ServedCmdlet = {
  name: "Get-DistributionGroup",
  access: "read",
  parameters,
  run: (tenant, given) => run(tenant, given),
};

function run(tenant: Tenant, given: Readonly<Record<string, JsonValue>>): readonly DirectoryObject[] {
  const bound = bindParameters(parameters, given);
  const { records, sortKey } = listRecords(tenant, bound, {
    properties: distributionGroupProperties,
    types: distributionGroupTypes,
    isWanted: managedBy(tenant, bound),
  });
  const properties = bound.isOn("IncludeManagedByWithDisplayNames")
    ? propertiesWithOwners
    : distributionGroupProperties.properties;
  return records.map((record) => showRecord(distributionGroupTypeNames, properties, record, tenant, sortKey));
}

function managedBy(tenant: Tenant, bound: BoundParameters): Predicate {
  const asked = bound.text("ManagedBy");
  if (asked === undefined) return () => true;
  if (bound.text("Identity") !== undefined) throw ambiguousParameterSet();
  const owner = resolveRecipient(tenant, asked, () => true);
  return ({ group }) => group?.managedBy.includes(owner) ?? false;
}
