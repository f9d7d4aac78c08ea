import { isAccountType } from "#directory/recipient-types";
import { readEnabled } from "#directory/recipients";
import { describeMissingMailbox } from "#directory/sentences";
import { explainUnresolved } from "#directory/unresolved";
import { isPerson } from "#directory/users";
import { resolveMember } from "#operations/add-group-members/add-members";
import type { CreateGroupAttempt, CreateGroupRequest } from "#operations/create-group/request";
import { type ResultBody, reject } from "#operations/result";
import { ExchangeError } from "#runtime/errors";
import { quote } from "#runtime/text";

/** Who is to own a group: what people call them, by id. */
export type Owners = Map<string, string>;

/** Those who are to own a group, or why one of them cannot. */
export async function resolveOwners(
  { owners }: CreateGroupRequest,
  attempt: CreateGroupAttempt,
): Promise<{ owners: Owners } | { body: ResultBody }> {
  const { client, deadline } = attempt;
  const found: Owners = new Map();
  for (const owner of owners) {
    const resolution = await resolveMember(client, owner, { deadline });
    if (!("found" in resolution)) {
      const { code, userMessage, candidates } = explainUnresolved(owner, resolution, "anybody");
      return reject(code, `An owner of the list: ${userMessage}`, { candidates });
    }
    const { id, displayName, name } = resolution.found;
    if (isAccountType(resolution.found.recipientType))
      return reject("MAILBOX_MISSING", describeMissingMailbox(resolution.found, "own"));
    if (!isPerson(resolution.found)) {
      return reject("CHANGE_REFUSED", `${quote(owner)} is no person. Please name people as the list's owners.`);
    }
    found.set(id, displayName ?? name ?? quote(owner));
  }
  const disabled = await findDisabled(found, attempt);
  if (disabled === undefined) return { owners: found };
  const userMessage = `The account of ${disabled} is disabled, so nobody could be asked. Please name somebody else as owner.`;
  return reject("CHANGE_REFUSED", userMessage);
}

/** Somebody who may not sign in; nobody where the app may not look at accounts. */
async function findDisabled(owners: Owners, { client, deadline }: CreateGroupAttempt): Promise<string | undefined> {
  try {
    const enabled = await readEnabled(client, owners.keys(), { deadline });
    const [disabled] = [...owners].filter(([id]) => enabled.get(id) === false);
    return disabled?.[1];
  } catch (error) {
    if (error instanceof ExchangeError && error.code === "COMMAND_NOT_PERMITTED") return undefined;
    throw error;
  }
}
