import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { type ErrorCode, errorCodes } from "#runtime/errors";
import { root } from "#test/support/repository";

type Row = { code: string; meaning: string; trouble: string; retryable: string; advice: string };

const page = readFileSync(join(root, "docs/errors.md"), "utf8");

const rows: Row[] = page
  .split("\n")
  .filter((line) => line.startsWith("| `"))
  .map((line) => {
    const [code = "", meaning = "", trouble = "", retryable = "", advice = ""] = line
      .slice(1, -1)
      .split("|")
      .map((cell) => cell.trim());
    return { code: code.replaceAll("`", ""), meaning, trouble, retryable, advice };
  });

test("lists every error code once and no other", () => {
  expect(rows.map(({ code }) => code).toSorted()).toEqual(Object.keys(errorCodes).toSorted());
});

test("says of each code whether it is retryable as the code does", () => {
  const wrong = rows.filter(({ code, retryable }) => retryable !== (isRetryable(code) ? "yes" : "no"));

  expect(wrong).toEqual([]);
});

test("says of each code whose trouble it is as the code does", () => {
  expect(rows.map(({ code, trouble }) => [code, trouble])).toEqual(
    rows.map(({ code }) => [code, errorCodes[code as ErrorCode].trouble]),
  );
});

test("promises that later it may work of what may pass alone, and calls nothing of ours the employee's", () => {
  for (const { trouble, retryable, userMessage } of Object.values(errorCodes)) {
    if (/try again|later/i.test(userMessage)) expect(retryable).toBe(true);
    if (trouble === "passing") expect(retryable).toBe(true);
    if (trouble === "request") expect(retryable).toBe(false);
    if (trouble === "service") expect(userMessage).toMatch(/people who run this service|being looked into/);
    else expect(userMessage).not.toContain("people who run this service");
  }
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
