import { describeRefusal } from "#local/answers/describe-refusal";
import { formatTable } from "#local/print/table";
import { wrapText } from "#local/print/wrap-text";
import { findGroupOwnersAnswerSchema, type GroupOwners } from "#lookups/find-group-owners";
import { visibleLine } from "#runtime/text";

const lineWidth = 110;

/** What find-group-owners answers as people read it: the owners as a table, and those in whose place nobody can be asked. */
export function describeOwners(answer: Record<string, unknown>): string {
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
