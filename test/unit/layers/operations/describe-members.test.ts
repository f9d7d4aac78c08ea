import { expect, test } from "vitest";
import { describeMembers } from "#operations/add-group-members/describe-members";
import type { MemberReport } from "#operations/result";
import { type ErrorCode, errorCodes } from "#runtime/errors";

const ada: MemberReport = {
  ...{ member: "ada", outcome: "failed", id: "1", name: "Ada", address: null, error: null, candidates: [] },
};

test.each(Object.keys(errorCodes) as ErrorCode[])(
  "says of who could not be added because of %s that it may work later only where it may",
  (code) => {
    const { retryable, userMessage } = errorCodes[code];

    const said = describeMembers([{ ...ada, error: { code, message: "" }, userMessage }], "Crew");

    expect(/try again/.test(said)).toBe(retryable);
    if (!retryable) expect(said).toBe(`Ada could not be added to Crew. ${userMessage}`);
  },
);

test("has a sentence of its own for each reason, and one for all who share it", () => {
  const [bo, cyd] = [
    { ...ada, member: "bo", id: "2", name: "Bo" },
    { ...ada, member: "cyd", id: "3", name: "Cyd" },
  ];
  const refused = (member: MemberReport, userMessage: string) =>
    ({ ...member, outcome: "notAllowed", userMessage }) as const;

  const said = describeMembers([refused(ada, "One."), refused(bo, "Two."), refused(cyd, "One.")], "Crew");

  expect(said).toBe("Ada and Cyd cannot be added to Crew. One. Bo cannot be added to Crew. Two.");
});

test("counts somebody who was named three times as one", () => {
  const named = ["ada", "ADA", "ada@contoso.com"].map((member) => ({ ...ada, member, outcome: "added" }) as const);

  expect(describeMembers(named, "Crew")).toBe("Ada is in Crew now.");
});

test("says what a report of an earlier version does not", () => {
  const said = describeMembers([{ ...ada, error: { code: "COMMAND_NOT_PERMITTED", message: "" } }], "Crew");

  expect(said).toBe(`Ada could not be added to Crew. ${errorCodes.COMMAND_NOT_PERMITTED.userMessage}`);
});
