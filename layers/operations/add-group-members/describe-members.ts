import { kindOfIdentity } from "#directory/identity";
import { describeNotFound } from "#directory/unresolved";
import type { MemberReport } from "#operations/result";
import { errorCodes } from "#runtime/errors";
import { quote } from "#runtime/text";

type Describe = (who: string, group: string, many: boolean) => string;

const sentences: Record<Exclude<MemberReport["outcome"], "notFound">, Describe> = {
  added: (who, group, many) => `${who} ${many ? "are" : "is"} in ${group} now.`,
  alreadyMember: (who, group, many) => `${who} ${many ? "were" : "was"} in ${group} already.`,
  wouldBeAdded: (who, group) => `${who} can be added to ${group}.`,
  suggested: () => "",
  ambiguous: (who, _, many) => `${who} ${many ? "each fit" : "fits"} several people or lists. Please give the address.`,
  notAllowed: (who, group) => `${who} cannot be added to ${group}.`,
  failed: (who, group) => `${who} could not be added to ${group}.`,
};

/** The outcome of a request that all its members stand for. */
export function outcomeOf(members: readonly MemberReport[]): "succeeded" | "partial" | "rejected" | "failed" {
  const isDone = ({ outcome }: MemberReport) => ["added", "alreadyMember", "wouldBeAdded"].includes(outcome);
  if (members.every(isDone)) return "succeeded";
  if (members.some(isDone)) return "partial";
  return members.some(({ outcome }) => outcome === "failed") ? "failed" : "rejected";
}

/** In the order in which they are told. */
const outcomes: readonly MemberReport["outcome"][] = [
  "added",
  "alreadyMember",
  "wouldBeAdded",
  "notFound",
  "suggested",
  "ambiguous",
  "notAllowed",
  "failed",
];

/** What became of the members, as sentences for whoever asked: those of one outcome and reason together. */
export function describeMembers(members: readonly MemberReport[], group: string): string {
  return outcomes
    .flatMap((outcome) => {
      const those = members.filter((member) => member.outcome === outcome);
      if (outcome === "notFound") return describeMissing(those);
      return [...Map.groupBy(those, reasonOf)].map(([reason, some]) => {
        const names = namesOf(some);
        const who = new Intl.ListFormat("en-GB").format(names);
        return [sentences[outcome](who, group, names.length > 1), reason].join(" ").trim();
      });
    })
    .join(" ");
}

/** Whom nobody knows: those who were named alike together. */
function describeMissing(members: readonly MemberReport[]): string[] {
  const texts = members.map(({ member }) => member);
  return [...Map.groupBy(new Set(texts), kindOfIdentity).values()].map((some) => describeNotFound(some, "anybody"));
}

/** Why somebody is not in the list, and whether to try again. That is said of what may pass alone. */
function reasonOf({ outcome, error, userMessage = "" }: MemberReport): string {
  if (outcome !== "failed") return userMessage;
  if (error !== null && !errorCodes[error.code].retryable) return userMessage || errorCodes[error.code].userMessage;
  const isTelling = error?.code === "OBJECT_NOT_YET_KNOWN";
  return `${isTelling ? `${userMessage} ` : ""}Please try again later.`;
}

/** Each once, however often they were asked for. */
function namesOf(members: readonly MemberReport[]): string[] {
  return [...new Map(members.map(({ id, name, member }) => [id ?? member, name ?? quote(member)])).values()];
}
