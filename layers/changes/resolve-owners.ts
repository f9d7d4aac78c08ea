import type { CreateGroupRequest } from "#changes/create-group-request";
import type { CreateGroupAttempt } from "#changes/create-group-state";
import { resolveRecipient } from "#directory/recipients";
import { isPerson } from "#directory/users";
import { reject } from "#operations/reject";
import type { Ending } from "#operations/result";
import { quote } from "#runtime/text";

/** The ids of the people who are to own a group, or why one of them cannot. */
export async function resolveOwners(
  { owners }: CreateGroupRequest,
  { client, deadline }: CreateGroupAttempt,
): Promise<{ ids: string[] } | { ending: Ending }> {
  const ids = new Set<string>();
  for (const owner of owners) {
    const resolution = await resolveRecipient(client, owner, { deadline });
    if ("notFound" in resolution) {
      return reject("OBJECT_NOT_FOUND", `Exchange knows nobody called ${quote(owner)}, who is to own the list.`);
    }
    if ("ambiguous" in resolution) {
      const userMessage = `${quote(owner)} fits several people. Please give the owner's address.`;
      return reject("OBJECT_AMBIGUOUS", userMessage, { candidates: resolution.ambiguous });
    }
    if (!isPerson(resolution.found)) {
      return reject("CHANGE_REFUSED", `${quote(owner)} is no person. Please name people as the list's owners.`);
    }
    ids.add(resolution.found.id);
  }
  return { ids: [...ids] };
}
