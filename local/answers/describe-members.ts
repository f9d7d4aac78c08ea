import { describeAccess } from "#local/answers/describe-access";
import { describeRefusal } from "#local/answers/describe-refusal";
import { formatTable } from "#local/print/table";
import { listGroupMembersAnswerSchema, type MemberList, type StoredMemberList } from "#lookups/list-group-members";
import { formatCount, visibleLine } from "#runtime/text";

/** What list-group-members answers as people read it: the members as a table, or whether somebody is one. */
export function describeMembers(answer: Record<string, unknown>): string {
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
