import { ExchangeError } from "#runtime/errors";

/** All that Exchange says of an answer it has cut, and Get-EXORecipient does not show even that. */
const warning = /There are more results available than are currently displayed/i;

/** Looks for that warning among those that pass. */
export function watchTruncation(onWarning?: (text: string) => void) {
  let isTruncated = false;
  return {
    onWarning: (text: string) => {
      isTruncated ||= warning.test(text);
      onWarning?.(text);
    },

    /** Throws `ANSWER_TRUNCATED` where it has passed: the rows of a read of everything are not all there are. */
    refuseTruncated: (cmdlet: string) => {
      if (!isTruncated) return;
      throw new ExchangeError(
        "ANSWER_TRUNCATED",
        `${cmdlet} was asked for everything, and Exchange says that there is more than it gave. The rows read are not all there are: ask with ResultSize Unlimited, or for a part that fits.`,
      );
    },
  };
}
