import type { IncompleteReason } from "#directory/expansion-findings";
import { formatCount } from "#runtime/text";

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
