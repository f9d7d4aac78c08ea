import { isDistributionGroupType } from "#directory/group-types";
import { isPerson } from "#directory/people";

/** How many people, lists and others there are, as a part of a sentence: "3 people and 1 list". Types by RecipientTypeDetails. */
export function describeKinds(byType: Readonly<Record<string, number>>): string {
  const count = (isWanted: (type: string) => boolean) =>
    Object.entries(byType).reduce((sum, [type, those]) => sum + (isWanted(type) ? those : 0), 0);
  const people = count((recipientType) => isPerson({ recipientType }));
  const lists = count(isDistributionGroupType);
  const others = count(() => true) - people - lists;
  return new Intl.ListFormat("en-GB").format([
    counted(people, "person", "people"),
    ...(lists > 0 ? [counted(lists, "list", "lists")] : []),
    ...(others > 0 ? [counted(others, "other", "others")] : []),
  ]);
}

function counted(count: number, one: string, several: string): string {
  return `${count.toLocaleString("en-US")} ${count === 1 ? one : several}`;
}
