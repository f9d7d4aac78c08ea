import type { TypedValue } from "#local/exchange/answer/directory-object";
import type { JsonValue } from "#local/exchange/answer/json-value";
import { CmdletFault } from "#local/exchange/cmdlets/cmdlet-fault";
import type { ServedCmdlet } from "#local/exchange/cmdlets/served-cmdlet";
import type { Tenant } from "#local/exchange/tenant/tenant";

export type Given = Record<string, JsonValue>;

/** The properties of every object a cmdlet answers. */
export function show(
  cmdlet: ServedCmdlet,
  tenant: Tenant,
  given: Given,
): readonly Readonly<Record<string, TypedValue>>[] {
  return cmdlet.run(tenant, given).map(({ properties }) => properties);
}

/** The fault a cmdlet throws. */
export function faultOf(cmdlet: ServedCmdlet, tenant: Tenant, given: Given): CmdletFault {
  try {
    cmdlet.run(tenant, given);
  } catch (error) {
    if (error instanceof CmdletFault) return error;
    throw error;
  }
  throw new Error("The cmdlet did not fail.");
}
