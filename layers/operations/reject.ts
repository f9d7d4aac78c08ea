import { describeEnding } from "#operations/ending";
import type { GroupReport } from "#operations/group-report";
import type { Candidate, Ending } from "#operations/result";
import type { ErrorCode } from "#runtime/errors";

type More = {
  /** What the people who run the gateway are told, where that is more. */
  message?: string;
  group?: GroupReport | null;
  candidates?: Candidate[];
};

/** The ending of a request that asks for what is not there, not clear or not allowed. Nothing was changed. */
export function reject(
  code: ErrorCode,
  userMessage: string,
  { message = userMessage, ...more }: More = {},
): { ending: Ending } {
  return { ending: describeEnding({ outcome: "rejected", error: { code, message }, userMessage, ...more }) };
}
