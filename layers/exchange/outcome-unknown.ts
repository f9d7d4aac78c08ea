import { ExchangeError } from "#runtime/errors";

const sentence = "It is not known whether the change was made. Read back what is there before doing it again.";

/** The error of a write that may have been done. `ending` is a sentence on what became of its answer. */
export function outcomeUnknown(cmdlet: string, ending: string, cause: unknown): ExchangeError {
  return new ExchangeError("OUTCOME_UNKNOWN", `${cmdlet}: ${sentence} ${ending}`, { cause });
}
