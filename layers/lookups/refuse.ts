import type { GroupRefusal } from "#directory/resolve-group";
import type { Recipient } from "#directory/recipients";
import type { Resolution } from "#directory/identity";
import type { Refusal } from "#lookups/answer";
import { quote } from "#runtime/text";

const statuses = {
  OBJECT_NOT_FOUND: "notFound",
  OBJECT_AMBIGUOUS: "ambiguous",
  GROUP_TYPE_UNSUPPORTED: "unsupported",
} as const satisfies Record<GroupRefusal["code"], Refusal["status"]>;

/** The answer where there is no group to look at. */
export function refuseGroup({ code, userMessage, group, candidates }: GroupRefusal, asOf: string): Refusal {
  return { status: statuses[code], about: "group", userMessage, group, candidates, source: "live", asOf };
}

/** The answer where there is not the one member to look for. */
export function refuseMember(
  identity: string,
  resolution: Exclude<Resolution<Recipient>, { found: Recipient }>,
  asOf: string,
): Refusal {
  const common = { about: "member", group: null, source: "live", asOf } as const;
  if ("notFound" in resolution) {
    const userMessage = `Exchange knows nobody called ${quote(identity)}. Please give the exact mail address.`;
    return { status: "notFound", userMessage, candidates: [], ...common };
  }
  const userMessage = `${quote(identity)} fits several people or lists. Please give the address of one.`;
  return { status: "ambiguous", userMessage, candidates: resolution.ambiguous, ...common };
}
