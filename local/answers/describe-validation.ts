import { wrapText } from "#local/print/wrap-text";
import { type Check, type Validation, validationSchema } from "#validation/validation";

const marks: Record<Check["status"], string> = { pass: "✔", warn: "!", fail: "✖", skipped: "–" };
const words: Record<Check["status"], string> = {
  pass: "passed",
  warn: "to look at",
  fail: "failed",
  skipped: "skipped",
};
const lineWidth = 110;

/** A validation as people read it: a line for each check, and below one that is not right what to do. */
export function describeValidation(answer: Record<string, unknown>): string {
  const { checks, userMessage } = validationSchema.parse(answer);
  const nameWidth = Math.max(...checks.map(({ name }) => name.length));
  const lines = checks.flatMap((check) => describeCheck(check, nameWidth));
  return [...lines, "", countChecks(checks), ...wrapText(userMessage, lineWidth)].join("\n");
}

function describeCheck({ name, status, found, fix, code }: Check, nameWidth: number): string[] {
  const indent = " ".repeat(nameWidth + 4);
  const width = lineWidth - indent.length;
  const [first = "", ...more] = wrapText(code === null ? found : `${code}: ${found}`, width);
  const advice = fix === null ? [] : wrapText(`→ ${fix}`, width);
  return [`${marks[status]} ${name.padEnd(nameWidth)}  ${first}`, ...[...more, ...advice].map((line) => indent + line)];
}

function countChecks(checks: Validation["checks"]): string {
  const counts = Object.entries(Object.groupBy(checks, ({ status }) => status));
  return counts.map(([status, those]) => `${those.length} ${words[status as Check["status"]]}`).join(", ");
}
