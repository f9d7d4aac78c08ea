import { expect, test } from "vitest";
import { describeAnswer } from "#local/answers";
import type { Validation } from "#validation/validation";

const long = "The tenant has no such app, and what is more it is said in so many words that they need another line.";

const validation: Validation = {
  status: "fail",
  userMessage: "The credential does not work. First to put right: token.",
  checks: [
    { name: "app id", status: "pass", found: "0000", fix: null, code: null },
    { name: "clock", status: "warn", found: "90 s ahead", fix: "Set the clock.", code: null },
    { name: "token", status: "fail", found: long, fix: "Correct app_id.", code: "APP_NOT_FOUND" },
    { name: "app role", status: "skipped", found: "skipped: needs token", fix: null, code: null },
  ],
  certificate: null,
  asOf: "2026-01-31T10:00:00Z",
  durationMs: 900,
};

test("shows a line for each check, what to do below, and how many are right", () => {
  expect(describeAnswer("validate-credentials", validation).split("\n")).toEqual([
    "✔ app id    0000",
    "! clock     90 s ahead",
    "            → Set the clock.",
    "✖ token     APP_NOT_FOUND: The tenant has no such app, and what is more it is said in so many words that they",
    "            need another line.",
    "            → Correct app_id.",
    "– app role  skipped: needs token",
    "",
    "1 passed, 1 to look at, 1 failed, 1 skipped",
    "The credential does not work. First to put right: token.",
  ]);
});
