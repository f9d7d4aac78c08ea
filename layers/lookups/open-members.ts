import type { OpenMembers } from "#directory/collect-members";
import { createMemberSource } from "#directory/members";
import type { ExchangeReader, ReadOptions } from "#exchange/client";

/** What fails here is asked again as a whole, by lookUp. */
const once = {
  pauseOrThrow: (_attempt: number, error: unknown) => Promise.reject(error),
};

/** Reads members of groups, each group once. */
export function openMembersOnce(reader: ExchangeReader, options: ReadOptions): OpenMembers {
  return (bounds) => createMemberSource(reader, { ...options, ...bounds, attempts: once });
}
