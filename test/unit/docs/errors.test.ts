import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { errorCodes } from "#runtime/error-codes";
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

test.each(Object.entries(errorCodes))("says of %s whether it is retryable as the code does", (code, { retryable }) => {
  const row = rows.find((candidate) => candidate.code === code);

  expect(row?.retryable).toBe(retryable ? "yes" : "no");
});

test.each(rows)("says what $code means and what to do", ({ meaning, advice }) => {
  expect(meaning).toMatch(/^.{10,}\.$/);
  expect(advice).toMatch(/^.{6,}\.$/);
});

test.each(Object.entries(errorCodes))(
  "tells an employee of %s a sentence without terms of the trade",
  (_, { userMessage }) => {
    expect(userMessage).toMatch(/^[A-Z].*\.$/);
    expect(userMessage).not.toMatch(/PowerShell|PFX|SMTP|GUID|S3|secret/i);
  },
);
