import { expect, test } from "vitest";
import { environments } from "#exchange/clouds";
import { legacyAdvice } from "#exchange/credential/legacy";
import { connectionRules } from "#exchange/errors/connection";
import { certificateRules, rightsRules, signInRules } from "#exchange/errors/sign-in";
import { ExchangeError } from "#runtime/errors";
import { failureOf, refusedSignIn } from "#test/support/error-records";
import { explainThrown } from "#validation/checklist";

const rules = [...certificateRules, ...signInRules, ...rightsRules, ...connectionRules];
const advices = rules.map(({ code, advice }) => ({
  code,
  ...(typeof advice === "function" ? advice(environments.O365USGovGCCHigh) : advice),
}));

test.each([...advices, { code: "CREDENTIAL_LEGACY", ...legacyAdvice }])(
  "says in one sentence what happened, and then what to do: $code, $what",
  ({ what, fix }) => {
    expect(what).toMatch(/^[A-Z][^.]*(?:\.\w[^.]*)*\.\)?\.?$/);
    expect(fix).toMatch(/^[A-Z].{10,}\.$/s);
  },
);

test("tells a refused sign-in by its code, with what to do and Microsoft's own words", () => {
  const failure = failureOf("connect", refusedSignIn("AADSTS700016: Application with identifier 'x' was not found."));

  expect(explainThrown(failure, "O365Default")).toEqual({
    status: "fail",
    code: "APP_NOT_FOUND",
    found: expect.stringMatching(/^The tenant has no such app\. The answer was: .*AADSTS700016/),
    fix: expect.stringMatching(/^Correct app_id/),
  });
});

test("says of trouble that passes that it may be tried again", () => {
  expect(explainThrown(new ExchangeError("POWERSHELL_TIMEOUT", "The deadline passed."), "O365Default")).toEqual({
    status: "fail",
    code: "POWERSHELL_TIMEOUT",
    found: "The deadline passed.",
    fix: "Validate again. Where it stays so, docs/errors.md has more on POWERSHELL_TIMEOUT.",
  });
});

test.each([
  new ExchangeError("POWERSHELL_NOT_FOUND", "There is none."),
  new ExchangeError("POWERSHELL_START_FAILED", "It ended."),
  new TypeError("a fault of ours"),
])("throws %s on, because nothing can be checked", (thrown) => {
  expect(() => explainThrown(thrown, "O365Default")).toThrow(thrown);
});
