import type { BoundParameters } from "#local/exchange/cmdlets/bind-parameters";
import { cannotBind } from "#local/exchange/cmdlets/faults";
import { invalidData, nameNotAvailable, objectAlreadyExists } from "#local/exchange/cmdlets/write-faults";
import { applyNamingPolicy, findBlockedWord } from "#local/exchange/tenant/group-naming-policy";
import type { Tenant } from "#local/exchange/tenant/tenant";

const maximumNameLength = 64;
const maximumDisplayNameLength = 256;

/** A new group's name and display name as the naming policy makes them. Throws for a name that is taken or unfit. */
export function groupNames(tenant: Tenant, bound: BoundParameters): { name: string; displayName: string } {
  const asked = bound.mandatoryText("Name");
  const shown = bound.text("DisplayName") ?? asked;
  if (asked.length > maximumNameLength) throw cannotBind("Name", tooLong(asked, maximumNameLength));
  if (shown.length > maximumDisplayNameLength)
    throw cannotBind("DisplayName", tooLong(shown, maximumDisplayNameLength));

  const policy = bound.isOn("IgnoreNamingPolicy") ? undefined : tenant.groupNamingPolicy;
  const blocked = policy && (findBlockedWord(policy, asked) ?? findBlockedWord(policy, shown));
  if (blocked !== undefined) {
    throw invalidData(`The group name contains "${blocked}", a word that the group naming policy blocks.`);
  }
  const name = policy ? applyNamingPolicy(policy, asked) : asked;
  if (name.length > maximumNameLength) throw invalidData(tooLong(name, maximumNameLength));
  refuseTakenName(tenant, name);
  return { name, displayName: policy ? applyNamingPolicy(policy, shown) : shown };
}

/** No two objects of the tenant's organizational unit have one name, whatever they are. */
function refuseTakenName({ whole }: Tenant, name: string): void {
  const folded = name.toLowerCase();
  const [holder] = whole.find(name, (record) => record.name.toLowerCase() === folded);
  if (holder === undefined) return;
  throw holder.alias === "" ? objectAlreadyExists(whole, name) : nameNotAvailable(name);
}

function tooLong(value: string, maximum: number): string {
  return `The length of the property is too long. The maximum length is ${maximum} and the length of the value provided is ${value.length}.`;
}
