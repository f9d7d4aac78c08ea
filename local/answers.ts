import type { Failure } from "#local/functions/start-function";
import { formatTable, wrapText } from "#local/print";
import { findGroupOwnersAnswerSchema, type GroupOwners } from "#lookups/find-group-owners";
import {
  type AccessAnswer,
  listGroupMembersAnswerSchema,
  type MemberList,
  type StoredMemberList,
} from "#lookups/list-group-members";
import type { Refusal } from "#lookups/look-up";
import { ExchangeError } from "#runtime/errors";
import { formatCount, visibleLine } from "#runtime/text";
import { type Check, type Validation, validationSchema } from "#validation/validation";

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

/** What list-group-members answers as people read it: the members as a table, or whether somebody is one. */
function describeMembers(answer: Record<string, unknown>): string {
  const parsed = listGroupMembersAnswerSchema.parse(answer);
  if (parsed.status !== "found") return describeRefusal(parsed);
  return "isMember" in parsed ? describeAccess(parsed) : describeList(parsed);
}

function describeList(answer: MemberList | StoredMemberList): string {
  const { userMessage, count, scope, complete, reason, cycles, unexpanded, unresolved, asOf } = answer;
  const lines = [
    visibleLine(userMessage),
    `  members   ${formatCount(count)}, ${scope === "all" ? "in lists in it too" : "in the list itself"}`,
    `  whole     ${complete ? "yes" : `no: ${reason}`}`,
    ...("membersKey" in answer ? [`  lies in   ${answer.membersKey}`] : []),
    ...cycles.map(
      (ring) => `  cycle     ${[...ring, ...ring.slice(0, 1)].map(({ name }) => visibleLine(name)).join(" > ")}`,
    ),
    ...unexpanded.map(({ name, type }) => `  unlisted  ${visibleLine(name)} (${type})`),
    ...unresolved.first.map(({ id, reason }) => `  unread    ${id ?? "without id"}: ${reason}`),
    `  as of     ${asOf}`,
  ];
  const members = "members" in answer ? answer.members : [];
  return [lines.join("\n"), ...(members.length > 0 ? [tabulate(members)] : [])].join("\n\n");
}

function tabulate(members: MemberList["members"]): string {
  const rows = members.map(({ name, address, type, path = [] }) => {
    return [name, address ?? "", type, path.map((group) => group.name).join(" > ")];
  });
  return formatTable(["name", "address", "type", rows.some(([, , , path]) => path !== "") ? "through" : ""], rows);
}

/** Whether somebody is in a group, and the way, from the group down. */
function describeAccess({ isMember, userMessage, group, path, member, asOf }: AccessAnswer): string {
  const way = [group, ...path, member].map(({ name, address }) => {
    return visibleLine(address === null ? name : `${name} (${address})`);
  });
  return [
    `${isMember ? "yes" : "no"}: ${visibleLine(userMessage)}`,
    ...(isMember ? way.map((step, depth) => `  ${"  ".repeat(depth)}${step}`) : []),
    `  as of ${asOf}`,
  ].join("\n");
}

/** An error of the command line's own, by its code where it has one. */
export function describeError(error: unknown): string {
  if (error instanceof ExchangeError) return `${error.code}: ${error.message}`;
  return error instanceof Error ? error.message : String(error);
}

/** How a function failed, as people read it. */
export function describeFailure(functionName: string, { code, message, retryable }: Failure): string {
  const advice = retryable
    ? "The same invocation may succeed later."
    : "The same invocation will fail again until this is put right.";
  return `${functionName} failed: ${code}\n  ${message.replaceAll("\n", "\n  ")}\n  ${advice} See docs/errors.md.`;
}

const lineWidth = 110;

/** What find-group-owners answers as people read it: the owners as a table, and those in whose place nobody can be asked. */
function describeOwners(answer: Record<string, unknown>): string {
  const parsed = findGroupOwnersAnswerSchema.parse(answer);
  if (parsed.status !== "found") return describeRefusal(parsed);
  const { userMessage, joinRestriction, departRestriction, hasUsableOwner, owningGroups, asOf } = parsed;
  const lines = [
    ...wrapText(userMessage, lineWidth),
    `  to join       ${joinRestriction ?? "not known"}`,
    `  to leave      ${departRestriction ?? "not known"}`,
    `  usable owner  ${hasUsableOwner ? "yes" : "no"}`,
    ...owningGroups
      .filter(({ complete }) => !complete)
      .map(({ name, reason }) => `  not all of    ${visibleLine(name)}: ${reason}`),
    `  as of         ${asOf}`,
  ];
  return [lines.join("\n"), ...tabulateOwners(parsed), ...tabulateUnusable(parsed)].join("\n\n");
}

function tabulateOwners({ owners }: GroupOwners): string[] {
  const rows = owners.map(({ name, address, isEnabled, through }) => {
    const account = isEnabled === null ? "not known" : isEnabled ? "enabled" : "disabled";
    return [name, address ?? "", account, through?.name ?? ""];
  });
  return rows.length > 0 ? [formatTable(["owner", "address", "account", "through"], rows)] : [];
}

function tabulateUnusable({ unusable }: GroupOwners): string[] {
  const rows = unusable.map(({ owner, reason, candidates }) => {
    return [owner, reason, candidates.map(({ name, address }) => address ?? name).join(", ")];
  });
  return rows.length > 0 ? [formatTable(["not usable", "why", "may be"], rows)] : [];
}

/** Why there is nothing to look at, and which objects may have been meant. */
function describeRefusal({ status, userMessage, candidates }: Refusal): string {
  const rows = candidates.map(({ name, address, type }) => [name, address ?? "", type]);
  const table = rows.length > 0 ? [formatTable(["name", "address", "type"], rows)] : [];
  return [`${status}: ${visibleLine(userMessage)}`, ...table].join("\n\n");
}

const marks: Record<Check["status"], string> = { pass: "✔", warn: "!", fail: "✖", skipped: "–" };
const words: Record<Check["status"], string> = {
  pass: "passed",
  warn: "to look at",
  fail: "failed",
  skipped: "skipped",
};

/** A validation as people read it: a line for each check, and below one that is not right what to do. */
function describeValidation(answer: Record<string, unknown>): string {
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
