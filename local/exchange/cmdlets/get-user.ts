import type { DirectoryObject, JsonValue } from "#local/exchange/answer/json-answer";
import { bindParameters, type ParameterKind, type ServedCmdlet } from "#local/exchange/cmdlets/bind-parameters";
import { listParameters, listRecords } from "#local/exchange/cmdlets/list-records";
import { userTypes } from "#local/exchange/cmdlets/listed-types";
import { showRecord } from "#local/exchange/cmdlets/property-table";
import { userProperties, userTypeNames } from "#local/exchange/cmdlets/user-properties";
import type { Tenant } from "#local/exchange/tenant/tenant";

const parameters = { ...listParameters, IsVIP: "switch" } as const satisfies Record<string, ParameterKind>;

/** Public folder mailboxes are shown only when asked for. */
const typesByDefault = new Set(userTypes.filter((type) => type !== "PublicFolderMailbox"));

/** Every account, with a mailbox or without; one that is empty as identity counts as none given. */
export const getUser: ServedCmdlet = {
  name: "Get-User",
  access: "read",
  parameters,
  run: (tenant, given) => run(tenant, given),
};

function run(tenant: Tenant, given: Readonly<Record<string, JsonValue>>): readonly DirectoryObject[] {
  const bound = bindParameters(parameters, given);
  const isVipOnly = bound.isOn("IsVIP");
  const { records, sortKey } = listRecords(tenant, bound, {
    properties: userProperties,
    types: userTypes,
    typesByDefault,
    isWanted: (record) => !isVipOnly || record.isVip,
  });
  return records.map((record) => showRecord(userTypeNames, userProperties.properties, record, tenant, sortKey));
}
