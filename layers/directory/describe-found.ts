import { isDistributionGroupType } from "#directory/group-types";
import { isPerson } from "#directory/people";
import { counted } from "#runtime/text";

/** Who was found in a list, by RecipientTypeDetails, as a sentence: "Crew has 3 people and 1 list." */
export function describeFound(name: string, byType: Readonly<Record<string, number>>, isComplete: boolean): string {
  const count = (isWanted: (type: string) => boolean) =>
    Object.entries(byType).reduce((sum, [type, those]) => sum + (isWanted(type) ? those : 0), 0);
  const all = count(() => true);
  if (all === 0) return isComplete ? `Nobody is in ${name}.` : `Nobody was found in ${name}.`;
  const people = count((recipientType) => isPerson({ recipientType }));
  const lists = count(isDistributionGroupType);
  const others = all - people - lists;
  const kinds = [
    counted(people, "person", "people"),
    ...(lists > 0 ? [counted(lists, "list", "lists")] : []),
    ...(others > 0 ? [counted(others, "other", "others")] : []),
  ];
  return `${name} has ${new Intl.ListFormat("en-GB").format(kinds)}.`;
}
