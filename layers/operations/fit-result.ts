import type { AudienceReport, Result } from "#operations/result";
import { shorten } from "#runtime/text";

/**
 * What every queue takes, and less than what new ones do. Names and kinds of a message's attributes would count too.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html
 */
export const longestResultBytes = 256 * 1024;

/** As much of a sentence or of an error's text as stays where a result is too long. */
const longestText = 4_000;

/** The lists of a result, by the name that `cut` gives them. */
const lists = {
  members: (result: Result) => ("members" in result ? result.members : []),
  candidates: ({ candidates }: Result) => candidates,
  cycles: (result: Result) => audienceOf(result)?.cycles.first ?? [],
  unexpanded: (result: Result) => audienceOf(result)?.unexpanded.first ?? [],
  unresolved: (result: Result) => audienceOf(result)?.unresolved.first ?? [],
} satisfies Record<string, (result: Result) => unknown[]>;

function audienceOf(result: Result): AudienceReport | null {
  return "audience" in result ? result.audience : null;
}

type ListName = keyof typeof lists;

/**
 * The text of a result, cut until a queue takes it: first long sentences, then halves of the list that is the longest at the
 * time. `cut` says of which lists how many entries there were, and where the whole lies.
 */
export function fitResult(result: Result, toText: (result: Result) => string, wholeKey: string | null): string {
  const { userMessage, error } = result;
  const fitted = structuredClone({
    ...result,
    userMessage: shorten(userMessage, longestText),
    error: error && { ...error, message: shorten(error.message, longestText) },
    cut: { wholeKey, lists: {} as Partial<Record<ListName, number>> },
  });
  let text = toText(fitted);
  while (isTooLong(text)) {
    const longest = longestList(fitted);
    if (longest === undefined) throw new Error("A result without its lists is too long for a queue.");
    const list: unknown[] = lists[longest](fitted);
    fitted.cut.lists[longest] ??= list.length;
    list.length = Math.floor(list.length / 2);
    text = toText(fitted);
  }
  return text;
}

export function isTooLong(text: string): boolean {
  return Buffer.byteLength(text) > longestResultBytes;
}

/** The one that takes most room, of those that hold anything. */
function longestList(result: Result): ListName | undefined {
  const filled = (Object.keys(lists) as ListName[]).filter((name) => lists[name](result).length > 0);
  const lengthOf = (name: ListName) => JSON.stringify(lists[name](result)).length;
  return filled.sort((one, other) => lengthOf(other) - lengthOf(one))[0];
}
