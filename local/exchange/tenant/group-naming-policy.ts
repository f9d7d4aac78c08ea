/** https://learn.microsoft.com/exchange/recipients-in-exchange-online/manage-distribution-groups/create-group-naming-policy */
export type GroupNamingPolicy = { prefix?: string; suffix?: string; blockedWords?: readonly string[] };

/** A group's name or display name as the policy makes it. */
export function applyNamingPolicy({ prefix = "", suffix = "" }: GroupNamingPolicy, name: string): string {
  return `${prefix}${name}${suffix}`;
}

/** The first blocked word that is in a name, in any letter case. */
export function findBlockedWord({ blockedWords = [] }: GroupNamingPolicy, name: string): string | undefined {
  return blockedWords.find((word) => name.toLowerCase().includes(word.toLowerCase()));
}
