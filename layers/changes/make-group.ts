import type { CreateGroupRequest } from "#changes/create-group-request";
import type { CreateGroupAttempt } from "#changes/create-group-state";
import { findOwnGroup, type Made, markOf, rejectTaken } from "#changes/find-own-group";
import { lookAgain } from "#changes/look-again";
import { resolveOwners } from "#changes/resolve-owners";
import { newDistributionGroup } from "#exchange/cmdlets/distribution-group";
import type { Ending } from "#operations/result";
import { ExchangeError, toExchangeError } from "#runtime/errors";

/** Makes the group, or finds it where an attempt before has made it. Whose it is its notes tell. */
export async function makeGroup(request: CreateGroupRequest, attempt: CreateGroupAttempt): Promise<Made> {
  const { state } = attempt;
  if (state.intendedAt !== null) {
    const own = await findOwnGroup(request, attempt);
    if (own !== undefined) return own;
  }
  if (state.owners === null) {
    const owners = await resolveOwners(request, attempt);
    if ("ending" in owners) return owners;
    state.owners = owners.ids;
  }

  const findOwnSoon = () => lookAgain(attempt, () => findOwnGroup(request, attempt));
  const isFirst = state.intendedAt === null;
  const before = state.intendedAt;
  state.intendedAt ??= new Date().toISOString();
  await attempt.keep().catch((error) => {
    state.intendedAt = before; // nothing was sent
    throw error;
  });
  try {
    await create(request, state.owners, attempt);
  } catch (thrown) {
    const error = toExchangeError(thrown);
    const { code, message } = error;
    const isConflict = code === "NAME_IN_USE" || code === "ADDRESS_IN_USE";
    if (isConflict && isFirst) return rejectTaken(code, request, message);
    if (!isConflict && code !== "OUTCOME_UNKNOWN") {
      // Only where it was the first request there was does a refusal say that nothing was made; a lasting one is told as
      // the end, so a look has to show the same.
      if (!isFirst) throw error;
      state.intendedAt = null;
      const own = error.retryable ? undefined : await findOwnGroup(request, attempt);
      if (own && "group" in own) return own;
      throw error;
    }
    return (await findOwnSoon()) ?? unknown(request, error);
  }
  return (await findOwnSoon()) ?? unknown(request);
}

/** Checks what can be checked without making the group. */
export async function rehearseGroup(
  request: CreateGroupRequest,
  attempt: CreateGroupAttempt,
): Promise<{ group: null } | { ending: Ending }> {
  const owners = await resolveOwners(request, attempt);
  if ("ending" in owners) return owners;
  const taken = await findOwnGroup(request, attempt);
  return taken && "ending" in taken ? taken : { group: null };
}

async function create(request: CreateGroupRequest, owners: string[], { client, deadline, state }: CreateGroupAttempt) {
  const { displayName, primarySmtpAddress, joinRestriction, departRestriction, description } = request;
  const parameters = {
    Name: request.name,
    Alias: state.alias,
    ManagedBy: owners,
    Notes: markOf(request),
    // Roles that may make distribution lists alone lack the parameter.
    ...(request.type === "security" ? { Type: "Security" as const } : {}),
    ...(displayName === undefined ? {} : { DisplayName: displayName }),
    ...(primarySmtpAddress === undefined ? {} : { PrimarySmtpAddress: primarySmtpAddress }),
    ...(joinRestriction === undefined ? {} : { MemberJoinRestriction: joinRestriction }),
    ...(departRestriction === undefined ? {} : { MemberDepartRestriction: departRestriction }),
    ...(description === undefined ? {} : { Description: [description] }),
    ...(request.requireSenderAuthentication === undefined
      ? {}
      : { RequireSenderAuthenticationEnabled: request.requireSenderAuthentication }),
  };
  await client.write(newDistributionGroup, parameters, { deadline });
}

function unknown({ name }: CreateGroupRequest, cause?: ExchangeError): never {
  const message = `The group "${name}" was to be made, and Exchange does not show it yet. ${cause?.message ?? ""}`;
  throw new ExchangeError("OUTCOME_UNKNOWN", message.trim(), { cause });
}
