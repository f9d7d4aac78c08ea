import { isAccountType } from "#directory/recipient-types";
import { readEnabled, resolveMember, whereAllowed } from "#directory/recipients";
import { referTo } from "#directory/reference";
import { describeMissingMailbox } from "#directory/sentences";
import { explainUnresolved } from "#directory/unresolved";
import { isPerson } from "#directory/users";
import type { CreateGroupAttempt, CreateGroupRequest } from "#operations/create-group/request";
import { type ResultBody, reject } from "#operations/result";
import { quote } from "#runtime/text";

/** Who is to own a group: what people call them, by id. */
export type Owners = Map<string, string>;

/** Those who are to own a group, or why one of them cannot. */
export async function resolveOwners(
  { owners }: CreateGroupRequest,
  { client, deadline }: CreateGroupAttempt,
): Promise<{ owners: Owners } | { body: ResultBody }> {
  const found: Owners = new Map();
  for (const owner of owners) {
    const resolution = await resolveMember(client, owner, { deadline });
    if (!("found" in resolution)) {
      const { code, userMessage, candidates } = explainUnresolved(owner, resolution, "anybody");
      return reject(code, `An owner of the list: ${userMessage}`, { candidates });
    }
    const { id, name, type } = referTo(resolution.found);
    if (isAccountType(type)) return reject("MAILBOX_MISSING", describeMissingMailbox(name, "own"));
    if (!isPerson(resolution.found)) {
      return reject("CHANGE_REFUSED", `${quote(owner)} is no person. Please name people as the list's owners.`);
    }
    found.set(id, name);
  }
  const enabled = await whereAllowed(() => readEnabled(client, found.keys(), { deadline }), new Map());
  const [, disabled] = [...found].find(([id]) => enabled.get(id) === false) ?? [];
  if (disabled === undefined) return { owners: found };
  const userMessage = `The account of ${disabled} is disabled, so nobody could be asked. Please name somebody else as owner.`;
  return reject("CHANGE_REFUSED", userMessage);
}
