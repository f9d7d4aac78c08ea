import { describeAudience } from "#local/messages/describe-audience";
import type { ResultMessage } from "#local/messages/result-message";
import { formatTable } from "#local/print/table";

/** A result as people read it: what came of it, why, and what became of each member. */
export function describeResult(result: ResultMessage): string {
  const { action, outcome, operationId, group, members, audience, userMessage, error } = result;
  const lines = [
    `${action ?? "The operation"}: ${outcome}`,
    ...(userMessage ? [`  ${userMessage}`] : []),
    ...(error ? [`  error      ${describeError(error)}`] : []),
    ...(group ? [`  group      ${describeGroup(group)}`] : []),
    `  operation  ${operationId}`,
  ];
  const parts = [
    ...(members?.length ? [describeMembers(members)] : []),
    ...(audience ? [describeAudience(audience)] : []),
  ];
  return [lines.join("\n"), ...parts].join("\n\n");
}

function describeError({ code, message }: NonNullable<ResultMessage["error"]>): string {
  return typeof message === "string" ? `${code}: ${message.replaceAll("\n", "\n             ")}` : code;
}

function describeGroup(group: NonNullable<ResultMessage["group"]>): string {
  if (typeof group === "string") return group;
  return Object.values(group)
    .filter((value) => typeof value === "string")
    .join(", ");
}

function describeMembers(members: NonNullable<ResultMessage["members"]>): string {
  const rows = members.map(({ member, outcome, error, userMessage }) => {
    return [member, outcome, userMessage ?? error?.code ?? ""];
  });
  return formatTable(["member", "outcome", ""], rows);
}
