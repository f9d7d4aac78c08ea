import { newDistributionGroup } from "#exchange/cmdlets/distribution-group";
import { lookAgain } from "#operations/add-group-members/add-members";
import { look, type Made, markOf, rejectTaken } from "#operations/create-group/look-for-group";
import {
  aliasAfter,
  aliasOf,
  type CreateGroupAttempt,
  type CreateGroupRequest,
} from "#operations/create-group/request";
import { type Owners, resolveOwners } from "#operations/create-group/resolve-owners";
import type { ResultBody } from "#operations/result";
import { ExchangeError, toExchangeError } from "#runtime/errors";

/** Makes the group, or finds it where an attempt before has made it. Whose it is its notes tell. */
export async function makeGroup(request: CreateGroupRequest, attempt: CreateGroupAttempt): Promise<Made> {
  const { state } = attempt;
  if (state.intendedAt !== null) {
    const { known, isAliasHeld } = await look(request, attempt);
    if (known !== undefined) return known;
    // Where somebody else has the alias, nothing was made with it.
    if (isAliasHeld) state.alias = otherAlias(request, state.alias) ?? state.alias;
  }
  let named: Owners = new Map();
  if (state.owners === null) {
    const resolved = await resolveOwners(request, attempt);
    if ("body" in resolved) return resolved;
    named = resolved.owners;
    state.owners = [...named.keys()];
  }

  const isFirst = state.intendedAt === null;
  const before = state.intendedAt;
  state.intendedAt ??= new Date().toISOString();
  await attempt.keep().catch((error) => {
    state.intendedAt = before; // nothing was sent
    throw error;
  });
  let cause: ExchangeError | undefined;
  try {
    await create(request, state.owners, attempt);
  } catch (thrown) {
    const error = toExchangeError(thrown);
    const { code } = error;
    const isConflict = code === "NAME_IN_USE" || code === "ADDRESS_IN_USE";
    if (isConflict && isFirst) {
      state.intendedAt = null; // whatever else is there was not made by this
      return settleConflict(request, attempt, { code, message: error.message });
    }
    if (!isConflict && code !== "OUTCOME_UNKNOWN") {
      // Only where it was the first request there was does a refusal say that nothing was made; a lasting one is told as
      // the end, so a look has to show the same.
      const told = code === "OBJECT_NOT_FOUND" ? notYetKnown(attempt, named, error) : error;
      if (!isFirst) throw told;
      state.intendedAt = null;
      const { known } = told.retryable ? {} : await look(request, attempt);
      if (known && "group" in known) return known;
      throw told;
    }
    cause = error;
  }
  const known = await lookAgain(attempt, async () => {
    const { known: seen } = await look(request, attempt);
    // Exchange has made it: under a naming policy another object may have the name that was asked for.
    return cause === undefined && seen && "body" in seen ? undefined : seen;
  });
  return known ?? unknown(request, cause);
}

type Conflict = { code: "NAME_IN_USE" | "ADDRESS_IN_USE"; message: string };

/** What Exchange said is taken. An alias that nobody asked for is not worth a refusal: another one is tried. */
async function settleConflict(
  request: CreateGroupRequest,
  attempt: CreateGroupAttempt,
  { code, message }: Conflict,
): Promise<Made> {
  const { state } = attempt;
  const { known } = await look(request, attempt);
  if (known !== undefined) return known;
  const { name, alias, primarySmtpAddress: address } = request;
  const isAddressTaken = address !== undefined && message.toLowerCase().includes(address.toLowerCase());
  const next = code === "ADDRESS_IN_USE" && !isAddressTaken ? otherAlias(request, state.alias) : undefined;
  if (next !== undefined) {
    state.alias = next;
    return makeGroup(request, attempt);
  }
  const taken = alias === undefined ? `Every address like "${aliasOf(request)}"` : `The alias "${alias}"`;
  const what = code === "NAME_IN_USE" ? `The name "${name}"` : address === undefined ? taken : `The address ${address}`;
  return rejectTaken(code, what, { message });
}

/** Where the alias is of our own making, the one to try after it. */
function otherAlias(request: CreateGroupRequest, alias: string): string | undefined {
  return request.alias === undefined ? aliasAfter(alias, request) : undefined;
}

/** An owner was found just before. Who it is, and whether there still is such a person, the next attempt finds out. */
function notYetKnown({ state }: CreateGroupAttempt, named: Owners, error: ExchangeError): ExchangeError {
  state.owners = null;
  const [, who = "One of the owners"] = [...named].find(([id]) => error.message.includes(id)) ?? [];
  const userMessage = `${who} is so new that Exchange does not know it everywhere, which can take some minutes. Please try again later.`;
  return new ExchangeError("OBJECT_NOT_YET_KNOWN", error.message, { cause: error, userMessage });
}

/** Checks what can be checked without making the group. */
export async function rehearseGroup(
  request: CreateGroupRequest,
  attempt: CreateGroupAttempt,
): Promise<{ group: null } | { body: ResultBody }> {
  const resolved = await resolveOwners(request, attempt);
  if ("body" in resolved) return resolved;
  const { known } = await look(request, attempt);
  return known && "body" in known ? known : { group: null };
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
