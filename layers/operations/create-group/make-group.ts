import { searchIdentity } from "#directory/identity";
import { recipientsByIdentity } from "#directory/recipients";
import { type NamedObject, referTo } from "#directory/reference";
import { type ResolvedGroup, resolveGroup } from "#directory/resolve-group";
import { newDistributionGroup } from "#exchange/cmdlets/distribution-group";
import { objectId } from "#exchange/values";
import { lookAgain } from "#operations/add-group-members/add-members";
import { findHolder, rejectTaken } from "#operations/create-group/find-holder";
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
    const known = (await findOwnGroup(request, attempt)) ?? (await findOthers(request, attempt));
    if (known !== undefined) return known;
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
      const known = (await findOwnGroup(request, attempt)) ?? (await findOthers(request, attempt));
      if (known !== undefined) return known;
      const next = code === "ADDRESS_IN_USE" ? otherAlias(request, state.alias, message) : undefined;
      if (next === undefined) return rejectTaken(code, whatIsTaken(code, request), undefined, message);
      state.alias = next;
      return makeGroup(request, attempt);
    }
    if (!isConflict && code !== "OUTCOME_UNKNOWN") {
      // Only where it was the first request there was does a refusal say that nothing was made; a lasting one is told as
      // the end, so a look has to show the same.
      const told = code === "OBJECT_NOT_FOUND" ? notYetKnown(attempt, named, error) : error;
      if (!isFirst) throw told;
      state.intendedAt = null;
      const own = told.retryable ? undefined : await findOwnGroup(request, attempt);
      if (own !== undefined) return own;
      throw told;
    }
    const known = (await findOwnSoon()) ?? (isConflict ? await findOthers(request, attempt) : undefined);
    if (known !== undefined) return known;
    const next = isConflict ? otherAlias(request, state.alias, message) : undefined;
    // Where somebody else has the alias, nothing was made with it.
    if (next === undefined || !(await isAliasHeld(attempt))) return unknown(request, error);
    state.alias = next;
    return makeGroup(request, attempt);
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
  const resolved = await resolveOwners(request, attempt);
  if ("body" in resolved) return resolved;
  return (await findOthers(request, attempt)) ?? { group: null };
}

/** That another object has what was asked for. */
function findOthers(request: CreateGroupRequest, { client, deadline }: CreateGroupAttempt) {
  return findHolder(client, request, { deadline });
}

/** Where the alias is of our own making and was what is taken, the one to try next. */
function otherAlias(request: CreateGroupRequest, alias: string, message: string): string | undefined {
  const { alias: asked, primarySmtpAddress: address } = request;
  const isAskedTaken = address !== undefined && message.toLowerCase().includes(address.toLowerCase());
  return asked === undefined && !isAskedTaken ? aliasAfter(alias, request) : undefined;
}

async function isAliasHeld({ client, deadline, state }: CreateGroupAttempt): Promise<boolean> {
  const { rows } = await searchIdentity(state.alias, recipientsByIdentity(client, { deadline }));
  return rows.some((row) => isSame(row.Alias, state.alias));
}

function whatIsTaken(code: "NAME_IN_USE" | "ADDRESS_IN_USE", request: CreateGroupRequest): string {
  const { name, alias, primarySmtpAddress: address } = request;
  if (code === "NAME_IN_USE") return `The name "${name}"`;
  if (address !== undefined) return `The address ${address}`;
  return alias === undefined ? `Every address like "${aliasOf(request)}"` : `The alias "${alias}"`;
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
 * The group of this operation; undefined where it is not to be seen. Throws `OUTCOME_UNKNOWN` for a group without the mark
 * that may be ours all the same: its notes can be edited.
 */
async function findOwnGroup(
  request: CreateGroupRequest,
  { client, deadline, state }: CreateGroupAttempt,
): Promise<{ group: NamedObject } | undefined> {
  const read = recipientsByIdentity(client, { deadline });
  for (const identity of new Set([request.name, state.alias, request.primarySmtpAddress])) {
    if (identity === undefined) continue;
    for (const row of (await searchIdentity(identity, read)).rows) {
      const id = objectId(row);
      const isMarked = row.Notes === markOf(request);
      if (id === undefined || !(isMarked || isSame(row.Alias, state.alias))) continue;
      const resolution = await resolveGroup(client, id, { deadline });
      if (!("found" in resolution)) continue;
      const { found } = resolution;
      if (found.notes === markOf(request)) return { group: reportOf(found) };
      if (!mayBeOwn(found, state)) continue;
      const message = `The group ${found.id} has the alias "${state.alias}" and was made after this operation had been about to make it, but its notes do not say by whom.`;
      throw new ExchangeError("OUTCOME_UNKNOWN", message);
    }
  }
  return undefined;
}

function mayBeOwn(found: ResolvedGroup, { alias, intendedAt }: CreateGroupAttempt["state"]): boolean {
  if (intendedAt === null || !isSame(found.alias, alias) || !found.createdAt) return false;
  return Date.parse(found.createdAt) >= Date.parse(intendedAt) - clockMarginMs;
}

function isSame(one: string | null | undefined, other: string | undefined): boolean {
  return other !== undefined && one?.toLowerCase() === other.toLowerCase();
}

function reportOf(group: ResolvedGroup): NamedObject {
  const { type: _, ...named } = referTo(group);
  return named;
}
