import { expect, test } from "vitest";
import { classifyError } from "#exchange/errors/classify";
import { CmdletError } from "#powershell/calls";
import type { ErrorRecord } from "#powershell/frames";
import { recordOf, recordOfExceptions, type Stage } from "#test/support/error-records";

const unavailable = recordOfExceptions([
  "System.Net.Http.HttpRequestException",
  "Response status code does not indicate success: 503 (Service Unavailable).",
]);
const throttled = recordOfExceptions([
  "System.Net.Http.HttpRequestException",
  "Response status code does not indicate success: 429 (Too Many Requests).",
]);
const notFound = recordOf(
  "Ex6F9304|Microsoft.Exchange.Configuration.Tasks.ManagementObjectNotFoundException|The operation couldn't be performed because object 'X' couldn't be found on 'DC'.",
);

/** An error of a call that was stopped, whose errors are the newest first. */
function stopped(stage: Stage, ...errors: ErrorRecord[]): CmdletError {
  return new CmdletError({ type: "stopped", stage, errors, warnings: [], rows: 0 });
}

const reading = { cmdlet: "Get-User", access: "read", environmentName: "O365Default" } as const;

test.each([
  ["the trouble it was repeating because of", [unavailable], "EXCHANGE_TRANSIENT"],
  ["the newest trouble", [throttled, unavailable], "THROTTLED"],
  ["trouble that passes, not a refusal it had met on its way", [notFound, unavailable], "EXCHANGE_TRANSIENT"],
  ["that the time was over where nothing else is known", [], "POWERSHELL_TIMEOUT"],
  ["that the time was over where only a refusal is known", [notFound], "POWERSHELL_TIMEOUT"],
] as const)("tells of a stopped read %s", (_, errors, code) => {
  const error = classifyError(stopped("invoke", ...errors), reading);

  expect(error).toMatchObject({ code, retryable: true });
});

test("knows nothing of the outcome of a write that was stopped, whatever it met", () => {
  const writing = { ...reading, cmdlet: "Add-DistributionGroupMember", access: "write" } as const;

  const errors = [[], [notFound], [unavailable]].map((records) =>
    classifyError(stopped("invoke", ...records), writing),
  );

  expect(errors.map(({ code }) => code)).toEqual(["OUTCOME_UNKNOWN", "OUTCOME_UNKNOWN", "OUTCOME_UNKNOWN"]);
});

test("tells why a sign-in that was stopped had not ended", () => {
  const error = classifyError(stopped("connect", unavailable), { access: "read", environmentName: "O365Default" });

  expect(error.code).toBe("SIGN_IN_FAILED");
});
