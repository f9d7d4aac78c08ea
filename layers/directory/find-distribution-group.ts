import type { Candidate } from "#directory/recipient";
import { isDistributionGroup, type ResolvedGroup, resolveGroup } from "#directory/resolve-group";
import type { ExchangeClient, ReadOptions } from "#exchange/client";

/** A group as it is named to people. */
export type NamedGroup = { id: string; name: string; address: string | null };

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
  client: ExchangeClient,
  identity: string,
  { cannot, ...options }: ReadOptions & { cannot: string },
): Promise<{ found: ResolvedGroup; group: NamedGroup } | { refusal: GroupRefusal }> {
  const resolution = await resolveGroup(client, identity, options);
  if ("notFound" in resolution) {
    const userMessage = `Exchange knows no list called "${identity}". Please give its address.`;
    return { refusal: { code: "OBJECT_NOT_FOUND", userMessage, group: null, candidates: [] } };
  }
  if ("ambiguous" in resolution) {
    const userMessage = `"${identity}" fits several lists. Please give the address of one.`;
    return { refusal: { code: "OBJECT_AMBIGUOUS", userMessage, group: null, candidates: resolution.ambiguous } };
  }
  const { found } = resolution;
  const group = nameGroup(found);
  if (isDistributionGroup(found)) return { found, group };
  const userMessage = `${group.name} is ${kindOf(found)}. ${cannot}`;
  return { refusal: { code: "GROUP_TYPE_UNSUPPORTED", userMessage, group, candidates: [] } };
}

function nameGroup({ id, displayName, name, primaryAddress }: ResolvedGroup): NamedGroup {
  return { id, name: displayName ?? name ?? primaryAddress ?? id, address: primaryAddress ?? null };
}

function kindOf({ recipientType }: ResolvedGroup): string {
  if (recipientType === "GroupMailbox") return "a Microsoft 365 group (a team)";
  if (recipientType === "DynamicDistributionGroup") return "a dynamic list, whose members follow from a rule";
  return `no list (${recipientType})`;
}
