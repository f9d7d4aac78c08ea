import type { CreateGroupRequest } from "#changes/create-group-request";
import type { CreateGroupAttempt } from "#changes/create-group-state";
import { type ResolvedGroup, resolveGroup } from "#directory/resolve-group";
import type { GroupReport } from "#operations/group-report";
import { reject } from "#operations/reject";
import type { Ending } from "#operations/result";
import { ExchangeError } from "#runtime/errors";

/** The group that an operation has made, or why it cannot make one. */
export type Made = { group: GroupReport } | { ending: Ending };

/** What the notes of the group say, by which an attempt after this one knows it. */
export function markOf({ operationId }: CreateGroupRequest): string {
  return `exchange-online-gateway: made by the operation ${operationId}`;
}

/** Clocks of here and of Exchange may differ by so much. */
const clockMarginMs = 5 * 60_000;

/**
 * The group of this operation; that another object is in its way; undefined where neither is to be seen. Throws
 * `OUTCOME_UNKNOWN` for a group without the mark that may be ours all the same: its notes can be edited.
 */
export async function findOwnGroup(
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
export function rejectTaken(
  code: "NAME_IN_USE" | "ADDRESS_IN_USE",
  { name }: CreateGroupRequest,
  message?: string,
): { ending: Ending } {
  const what = code === "NAME_IN_USE" ? `The name "${name}"` : "That address";
  return reject(code, `${what} is taken. Please choose another one.`, message === undefined ? {} : { message });
}

function reportOf({ id, displayName, name, primaryAddress }: ResolvedGroup): GroupReport {
  return { id, name: displayName ?? name ?? null, address: primaryAddress ?? null };
}
