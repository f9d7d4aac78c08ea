import type { JsonValue, TypedValue } from "#local/exchange/answer/json-answer";
import type { ServedCmdlet } from "#local/exchange/cmdlets/bind-parameters";
import { CmdletFault } from "#local/exchange/cmdlets/faults";
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
