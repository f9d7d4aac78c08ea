import type { Candidate, Recipient } from "#directory/recipient";
import { type Reference, referTo } from "#directory/reference";
import { isDistributionGroup, type ResolvedGroup, resolveGroup } from "#directory/resolve-group";
import type { Resolution } from "#directory/search-identity";
import type { ExchangeReader, ReadOptions } from "#exchange/client";
import { quote } from "#runtime/text";

/** A group as it is named to people. */
export type NamedGroup = Omit<Reference, "type">;

/** Why there is no group to work with, as an employee is told. */
export type GroupRefusal = {
  code: "OBJECT_NOT_FOUND" | "OBJECT_AMBIGUOUS" | "GROUP_TYPE_UNSUPPORTED";
  userMessage: string;
  /** The one that was found, where it is of another kind. */
  group: NamedGroup | null;
  candidates: Candidate[];
};

/**
 * The one distribution group that an identity names, or why there is none. `cannot` is a sentence for a group of another kind,
 * such as "It cannot be changed here."
 */
export async function findDistributionGroup(
  reader: ExchangeReader,
  identity: string,
  { cannot, ...options }: ReadOptions & { cannot: string },
): Promise<{ found: ResolvedGroup; group: NamedGroup } | { refusal: GroupRefusal }> {
  return requireDistributionGroup(identity, await resolveGroup(reader, identity, options), cannot);
}

/** The distribution group in what an identity was resolved to, or why there is none. */
export function requireDistributionGroup<Found extends Recipient>(
  identity: string,
  resolution: Resolution<Found>,
  cannot: string,
): { found: Found; group: NamedGroup } | { refusal: GroupRefusal } {
  if ("notFound" in resolution) {
    const userMessage = `Exchange knows no list called ${quote(identity)}. Please give its exact address.`;
    return { refusal: { code: "OBJECT_NOT_FOUND", userMessage, group: null, candidates: [] } };
  }
  if ("ambiguous" in resolution) {
    const userMessage = `${quote(identity)} fits several lists. Please give the address of one.`;
    return { refusal: { code: "OBJECT_AMBIGUOUS", userMessage, group: null, candidates: resolution.ambiguous } };
  }
  const { found } = resolution;
  const { type: _, ...group } = referTo(found);
  if (isDistributionGroup(found)) return { found, group };
  const userMessage = `${group.name} is ${kindOf(found)}. ${cannot}`;
  return { refusal: { code: "GROUP_TYPE_UNSUPPORTED", userMessage, group, candidates: [] } };
}

/** What a recipient is that is no distribution group, as the end of a sentence. */
export function kindOf({ recipientType }: Pick<Recipient, "recipientType">): string {
  if (recipientType === "GroupMailbox") return "a Microsoft 365 group (a team)";
  if (recipientType === "DynamicDistributionGroup") return "a dynamic list, whose members follow from a rule";
  return `no list (${recipientType})`;
}
