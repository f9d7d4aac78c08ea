import type { IncompleteReason } from "#directory/expansion";
import { isDistributionGroupType } from "#directory/recipient-types";
import { isPerson } from "#directory/users";
import { counted, formatCount } from "#runtime/text";

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

/** That an account cannot be in a list, or own one, yet. */
export function describeMissingMailbox(name: string, role: "be in" | "own"): string {
  return `${name} has an account but no mailbox yet. Once there is one, it can ${role} a list.`;
}

type Gaps = { reason: IncompleteReason | null; unexpanded: number; unresolved: number };

/** Why what was found of a list is not everybody, a sentence for each reason; none where it is. */
export function describeGaps({ reason, unexpanded, unresolved }: Gaps): string[] {
  const isUnread = reason !== null && ["deadline", "queries", "unread"].includes(reason);
  return [
    ...(isUnread ? ["There was no time to read every list in it."] : []),
    ...(unexpanded > 0
      ? [`Teams or dynamic lists in it cannot be listed, and who is in them is missing: ${formatCount(unexpanded)}.`]
      : []),
    ...(unresolved > 0 ? [`Members or lists that could not be read: ${formatCount(unresolved)}.`] : []),
  ];
}
