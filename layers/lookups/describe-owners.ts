import type { GroupOwners } from "#lookups/find-group-owners-answer";

type Owner = GroupOwners["owners"][number];
type Described = Pick<GroupOwners, "group" | "joinRestriction" | "owners" | "unusable">;

/** So many are named in a sentence; the answer has them all. */
const named = 5;

const joining = {
  Open: "Nobody has to approve: anybody may join.",
  Closed: "Only an owner can add people.",
  ApprovalRequired: "An owner has to approve who joins.",
} as const;

/** Whether an owner can be asked: not known to be disabled. */
export function isUsable({ isEnabled }: Owner): boolean {
  return isEnabled !== false;
}

/** Who owns a group, who of them cannot be asked and why, and whether anybody has to be, in sentences. */
export function describeOwners({ group, joinRestriction, owners, unusable }: Described): string {
  const usable = owners.filter(isUsable);
  const disabled = owners.filter((owner) => !isUsable(owner));
  return [
    describeUsable(group.name, usable),
    ...(disabled.length > 0 ? [describeDisabled(disabled)] : []),
    ...unusable.slice(0, named).map(({ explanation }) => explanation),
    ...(unusable.length > named ? [`So it is with ${unusable.length - named} more of the owners.`] : []),
    ...(usable.length === 0 ? ["An Exchange administrator has to name a new owner."] : []),
    ...(joinRestriction ? [joining[joinRestriction]] : []),
  ].join(" ");
}

function describeUsable(group: string, owners: Owner[]): string {
  if (owners.length === 0) return `${group} has no owner who can be asked.`;
  return `${group} is owned by ${nameAll(owners)}.`;
}

function describeDisabled(owners: Owner[]): string {
  return owners.length === 1
    ? `The account of the owner ${nameAll(owners)} is disabled.`
    : `The accounts of the owners ${nameAll(owners)} are disabled.`;
}

function nameAll(owners: Owner[]): string {
  const more = owners.length - named;
  const names = [...owners.slice(0, named).map(nameOwner), ...(more > 0 ? [`${more} more`] : [])];
  return new Intl.ListFormat("en-GB").format(names);
}

/** With the address, because two people can have the same name. */
function nameOwner({ name, address, through }: Owner): string {
  const more = [...(address === null ? [] : [address]), ...(through === null ? [] : [`through ${through.name}`])];
  return more.length === 0 ? name : `${name} (${more.join(", ")})`;
}
