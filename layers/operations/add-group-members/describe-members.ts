import type { MemberReport } from "#operations/result";
import { quote } from "#runtime/text";

type Describe = (who: string, group: string, many: boolean) => string;

const sentences: Record<MemberReport["outcome"], Describe> = {
  added: (who, group, many) => `${who} ${many ? "are" : "is"} in ${group} now.`,
  alreadyMember: (who, group, many) => `${who} ${many ? "were" : "was"} in ${group} already.`,
  wouldBeAdded: (who, group) => `${who} can be added to ${group}.`,
  notFound: (who) => `Exchange knows nobody called ${who}. Please give the exact mail address.`,
  ambiguous: (who, _, many) => `${who} ${many ? "each fit" : "fits"} several people or lists. Please give the address.`,
  notAllowed: (who, group) => `${who} cannot be added to ${group}.`,
  failed: (who, group) => `${who} could not be added to ${group}. Please try again later.`,
};

/** The outcome of a request that all its members stand for. */
export function outcomeOf(members: readonly MemberReport[]): "succeeded" | "partial" | "rejected" | "failed" {
  const isDone = ({ outcome }: MemberReport) => ["added", "alreadyMember", "wouldBeAdded"].includes(outcome);
  if (members.every(isDone)) return "succeeded";
  if (members.some(isDone)) return "partial";
  return members.some(({ outcome }) => outcome === "failed") ? "failed" : "rejected";
}

/** What became of the members, as sentences for whoever asked. */
export function describeMembers(members: readonly MemberReport[], group: string): string {
  const outcomes = Object.keys(sentences) as MemberReport["outcome"][];
  return outcomes
    .flatMap((outcome) => {
      const those = members.filter((member) => member.outcome === outcome);
      if (those.length === 0) return [];
      return [sentences[outcome](listNames(those), group, those.length > 1)];
    })
    .concat(reasonsOf(members))
    .join(" ");
}

/** Why somebody is not allowed, once for each reason. */
function reasonsOf(members: readonly MemberReport[]): string[] {
  const refused = members.filter(({ outcome }) => outcome === "notAllowed");
  return [...new Set(refused.flatMap(({ error }) => (error ? [userReasons[error.code] ?? ""] : [])))].filter(Boolean);
}

const userReasons: Partial<Record<string, string>> = {
  CHANGE_REFUSED: "A list holds people, contacts and other lists, no teams, dynamic lists, or itself.",
  NOT_GROUP_MANAGER: "Only an owner of the list may change it. Please ask one.",
  MASTERED_ON_PREMISES: "The list is kept on-premises and has to be changed there. Please ask your help desk.",
  GROUP_TYPE_UNSUPPORTED: "This kind of list cannot be changed here.",
};

function listNames(members: readonly MemberReport[]): string {
  const names = members.map(({ name, member }) => name ?? quote(member));
  return names.length === 1 ? String(names[0]) : `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;
}
