import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { errorCodes } from "#runtime/errors";
import { root } from "#test/support/repository";

type Row = { code: string; meaning: string; retryable: string; advice: string };

const page = readFileSync(join(root, "docs/errors.md"), "utf8");

const rows: Row[] = page
  .split("\n")
  .filter((line) => line.startsWith("| `"))
  .map((line) => {
    const [code = "", meaning = "", retryable = "", advice = ""] = line
      .slice(1, -1)
      .split("|")
      .map((cell) => cell.trim());
    return { code: code.replaceAll("`", ""), meaning, retryable, advice };
  });

test("lists every error code once and no other", () => {
  expect(rows.map(({ code }) => code).toSorted()).toEqual(Object.keys(errorCodes).toSorted());
});

test("says of each code whether it is retryable as the code does", () => {
  const wrong = rows.filter(({ code, retryable }) => retryable !== (isRetryable(code) ? "yes" : "no"));

  expect(wrong).toEqual([]);
});

test("says what each code means and what to do, in sentences", () => {
  const unfinished = rows.filter(({ meaning, advice }) => !/^.{10,}\.$/.test(meaning) || !/^.{6,}\.$/.test(advice));

  expect(unfinished).toEqual([]);
});

test("tells an employee of each code a sentence without terms of the trade", () => {
  const messages = Object.entries(errorCodes).map(([code, { userMessage }]) => [code, userMessage] as const);
  const technical = /PowerShell|PFX|SMTP|GUID|S3|secret/i;

  expect(messages.filter(([, text]) => !/^[A-Z].*\.$/.test(text) || technical.test(text))).toEqual([]);
});

function isRetryable(code: string): boolean | undefined {
  return Object.entries(errorCodes).find(([name]) => name === code)?.[1].retryable;
}
