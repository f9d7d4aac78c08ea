import { type NamedObject, referTo } from "#directory/reference";
import { type ResolvedGroup, resolveGroup } from "#directory/resolve-group";
import { newDistributionGroup } from "#exchange/cmdlets/distribution-group";
import { lookAgain } from "#operations/add-group-members/add-members";
import type { CreateGroupAttempt, CreateGroupRequest } from "#operations/create-group/request";
import { type Owners, resolveOwners } from "#operations/create-group/resolve-owners";
import { type ResultBody, reject } from "#operations/result";
import { ExchangeError, toExchangeError } from "#runtime/errors";

/** Makes the group, or finds it where an attempt before has made it. Whose it is its notes tell. */
export async function makeGroup(request: CreateGroupRequest, attempt: CreateGroupAttempt): Promise<Made> {
  const { state } = attempt;
  if (state.intendedAt !== null) {
    const own = await findOwnGroup(request, attempt);
    if (own !== undefined) return own;
  }
  let named: Owners = new Map();
  if (state.owners === null) {
    const resolved = await resolveOwners(request, attempt);
    if ("body" in resolved) return resolved;
    named = resolved.owners;
    state.owners = [...named.keys()];
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
    if (isConflict && isFirst) {
      state.intendedAt = null; // whatever else is there was not made by this
      return (await findOwnGroup(request, attempt)) ?? rejectTaken(code, request, message);
    }
    if (!isConflict && code !== "OUTCOME_UNKNOWN") {
      // Only where it was the first request there was does a refusal say that nothing was made; a lasting one is told as
      // the end, so a look has to show the same.
      const told = code === "OBJECT_NOT_FOUND" ? notYetKnown(attempt, named, error) : error;
      if (!isFirst) throw told;
      state.intendedAt = null;
      const own = told.retryable ? undefined : await findOwnGroup(request, attempt);
      if (own && "group" in own) return own;
      throw told;
    }
    return (await findOwnSoon()) ?? unknown(request, error);
  }
  return (await findOwnSoon()) ?? unknown(request);
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
  const owners = await resolveOwners(request, attempt);
  if ("body" in owners) return owners;
  const taken = await findOwnGroup(request, attempt);
  return taken && "body" in taken ? taken : { group: null };
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

/** The group that an operation has made, or why it cannot make one. */
export type Made = { group: NamedObject } | { body: ResultBody };

/** What the notes of the group say, by which an attempt after this one knows it. */
function markOf({ operationId }: CreateGroupRequest): string {
  return `exchange-online-gateway: made by the operation ${operationId}`;
}

/** Clocks of here and of Exchange may differ by so much. */
const clockMarginMs = 5 * 60_000;

/**
 * The group of this operation; that another object is in its way; undefined where neither is to be seen. Throws
 * `OUTCOME_UNKNOWN` for a group without the mark that may be ours all the same: its notes can be edited.
 */
async function findOwnGroup(
  request: CreateGroupRequest,
  { client, deadline, state }: CreateGroupAttempt,
): Promise<Made | undefined> {
  const wanted = { name: request.name, alias: state.alias, primaryAddress: request.primarySmtpAddress };
  let taken: Made | undefined;
  for (const identity of new Set(Object.values(wanted))) {
    if (identity === undefined) continue;
    const resolution = await resolveGroup(client, identity, { deadline });
    if (!("found" in resolution)) continue;
    const { found } = resolution;
    if (found.notes === markOf(request)) return { group: reportOf(found) };
    if (mayBeOwn(found, state)) {
      const message = `The group ${found.id} has the alias "${state.alias}" and was made after this operation had been about to make it, but its notes do not say by whom.`;
      throw new ExchangeError("OUTCOME_UNKNOWN", message);
    }
    if (isSame(found.name, wanted.name)) taken ??= rejectTaken("NAME_IN_USE", request);
    if (isSame(found.alias, wanted.alias) || isSame(found.primaryAddress, wanted.primaryAddress)) {
      taken ??= rejectTaken("ADDRESS_IN_USE", request);
    }
  }
  return taken;
}

function mayBeOwn(found: ResolvedGroup, { alias, intendedAt }: CreateGroupAttempt["state"]): boolean {
  if (intendedAt === null || !isSame(found.alias, alias) || !found.createdAt) return false;
  return Date.parse(found.createdAt) >= Date.parse(intendedAt) - clockMarginMs;
}

function isSame(one: string | null | undefined, other: string | undefined): boolean {
  return other !== undefined && one?.toLowerCase() === other.toLowerCase();
}

/** Another object has the name or address that was asked for. */
function rejectTaken(
  code: "NAME_IN_USE" | "ADDRESS_IN_USE",
  { name }: CreateGroupRequest,
  message?: string,
): { body: ResultBody } {
  const what = code === "NAME_IN_USE" ? `The name "${name}"` : "That address";
  return reject(code, `${what} is taken. Please choose another one.`, message === undefined ? {} : { message });
}

function reportOf(group: ResolvedGroup): NamedObject {
  const { type: _, ...named } = referTo(group);
  return named;
}
