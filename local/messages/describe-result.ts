import { formatTable } from "#local/print/table";
import type { GroupReport, MemberReport, ReportedError, Result } from "#operations/result";

/** A result as people read it: what came of it, why, and what became of each member. */
export function describeResult({ action, outcome, operationId, group, members, userMessage, error }: Result): string {
  const lines = [
    `${action}: ${outcome}`,
    `  ${userMessage}`,
    ...(error ? [`  error      ${describeError(error)}`] : []),
    ...(group ? [`  group      ${describeGroup(group)}`] : []),
    `  operation  ${operationId}`,
  ];
  return [lines.join("\n"), ...(members.length > 0 ? [describeMembers(members)] : [])].join("\n\n");
}

function describeError({ code, message }: ReportedError): string {
  return `${code}: ${message.replaceAll("\n", "\n             ")}`;
}

function describeGroup({ name, address, id }: GroupReport): string {
  return [name, address, id].filter((part) => part !== null).join(", ");
}

function describeMembers(members: readonly MemberReport[]): string {
  const rows = members.map(({ member, outcome, error, candidates }) => {
    const mayBe = candidates.map(({ name, address }) => address ?? name).join(", ");
    return [member, outcome, error?.code ?? mayBe];
  });
  return formatTable(["member", "outcome", ""], rows);
}
