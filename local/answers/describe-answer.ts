import { describeMembers } from "#local/answers/describe-members";
import { describeOwners } from "#local/answers/describe-owners";
import { describeValidation } from "#local/answers/describe-validation";
import { visibleLine } from "#runtime/text";

type Answer = Record<string, unknown>;

/** The functions whose answers are more than names and values. */
const descriptions: Partial<Record<string, (answer: Answer) => string>> = {
  "find-group-owners": describeOwners,
  "list-group-members": describeMembers,
  "validate-credentials": describeValidation,
};

/** A function's answer as people read it. */
export function describeAnswer(functionName: string, answer: Answer): string {
  return descriptions[functionName]?.(answer) ?? describeFields(functionName, answer);
}

function describeFields(functionName: string, answer: Answer): string {
  const width = Math.max(...Object.keys(answer).map((name) => name.length));
  const lines = Object.entries(answer).map(([name, value]) => {
    return `  ${name.padEnd(width)}  ${visibleLine(typeof value === "object" ? JSON.stringify(value) : String(value))}`;
  });
  return [functionName, ...lines].join("\n");
}
