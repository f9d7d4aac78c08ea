import type { Candidate } from "#directory/recipient";
import type { Ending, GroupReport } from "#operations/result";
import type { ErrorCode } from "#runtime/error-codes";

type More = {
  /** What the people who run the gateway are told, where that is more. */
  message?: string;
  group?: GroupReport;
  candidates?: Candidate[];
};

/** The ending of a request that asks for what is not there, not clear or not allowed. Nothing was changed. */
export function reject(
  code: ErrorCode,
  userMessage: string,
  { message = userMessage, group, candidates = [] }: More = {},
): { ending: Ending } {
  const error = { code, message };
  return { ending: { outcome: "rejected", error, userMessage, group: group ?? null, members: [], candidates } };
}
