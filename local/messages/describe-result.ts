import { describeAudience } from "#local/messages/describe-audience";
import { formatTable } from "#local/print/table";
import type { GroupReport, MemberReport, ReportedError, Result } from "#operations/result";
import { visibleLine } from "#runtime/text";

/** A result as people read it: what came of it, why, and what became of each member or who was found. */
export function describeResult(result: Result): string {
  const { action, outcome, operationId, group, members, audience, userMessage, error, cut } = result;
  const lines = [
    `${action}: ${outcome}`,
    `  ${visibleLine(userMessage)}`,
    ...(error ? [`  error      ${describeError(error)}`] : []),
    ...(group ? [`  group      ${describeGroup(group)}`] : []),
    `  operation  ${visibleLine(String(operationId))}`,
    ...(cut ? [`  cut        the whole is ${cut.wholeKey ?? "stored nowhere"}`] : []),
  ];
  const parts = [
    ...(members.length > 0 ? [describeMembers(members)] : []),
    ...(audience ? [describeAudience(audience)] : []),
  ];
  return [lines.join("\n"), ...parts].join("\n\n");
}

function describeError({ code, message }: ReportedError): string {
  return `${code}: ${message.replaceAll("\n", "\n             ")}`;
}

function describeGroup({ name, address, id }: GroupReport): string {
  return visibleLine([name, address, id].filter((part) => part !== null).join(", "));
}

function describeMembers(members: readonly MemberReport[]): string {
  const rows = members.map(({ member, outcome, error, candidates }) => {
    const mayBe = candidates.map(({ name, address }) => address ?? name).join(", ");
    return [member, outcome, error?.code ?? mayBe];
  });
  return formatTable(["member", "outcome", ""], rows);
}
