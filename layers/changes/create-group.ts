import { createHash } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { z } from "zod";
import { addMembers, beginMembers, isMemberUnsettled, memberStateSchema, reportMembers } from "#changes/add-members";
import { describeMembers, outcomeOf } from "#changes/describe-members";
import { memberListSchema, requestFields } from "#changes/request";
import { type Ending, type GroupReport, groupReportSchema } from "#changes/result";
import type { Attempt, Skill } from "#changes/skill";
import { isPerson } from "#directory/people";
import { type ResolvedGroup, resolveGroup } from "#directory/resolve-group";
import { resolveRecipient } from "#directory/resolve-recipient";
import { newDistributionGroup } from "#exchange/cmdlets/new-distribution-group";
import {
  addressSchema,
  aliasSchema,
  displayNameSchema,
  nameSchema,
  noteSchema,
  restrictionSchema,
} from "#exchange/group-parameters";
import { identitySchema } from "#exchange/identity";
import { remainingMs } from "#runtime/deadline";
import { ExchangeError, toExchangeError } from "#runtime/exchange-error";

export const createGroupRequestSchema = z
  .strictObject({
    ...requestFields,
    name: nameSchema.describe("Unique in the organization; a naming policy may add to it."),
    alias: aliasSchema.exactOptional().describe("Made of the name where it is absent."),
    displayName: displayNameSchema.exactOptional(),
    primarySmtpAddress: addressSchema.exactOptional().describe("Made of the alias by Exchange where it is absent."),
    owners: z.array(identitySchema).min(1).max(50).describe("People who decide who is in it."),
    members: memberListSchema.exactOptional(),
    type: z.enum(["distribution", "security"]).exactOptional().describe("distribution where it is absent."),
    joinRestriction: restrictionSchema.exactOptional(),
    departRestriction: restrictionSchema.exactOptional(),
    description: noteSchema.exactOptional(),
    requireSenderAuthentication: z.boolean().exactOptional(),
  })
  .refine(
    ({ type, joinRestriction, departRestriction }) =>
      type !== "security" || (joinRestriction !== "Open" && departRestriction !== "Open"),
    "Nobody may come to a security group, or go, by themselves: Open is for distribution groups.",
  );

type Request = z.infer<typeof createGroupRequestSchema>;

const stateSchema = z.strictObject({
  alias: z.string(),
  /** Ids of the owners, once each is known for one person. */
  owners: z.array(z.string()).nullable(),
  /** When Exchange was about to be told to make the group, and there was none. */
  intendedAt: z.iso.datetime().nullable(),
  group: groupReportSchema.nullable(),
  members: z.array(memberStateSchema),
});

type State = z.infer<typeof stateSchema>;

/** "Create DL": makes a distribution list or mail-enabled security group, and puts recipients into it. */
export const createGroup: Skill<Request, State> = {
  action: "create-group",
  requestSchema: createGroupRequestSchema,
  stateSchema,
  begin: (request) => ({
    alias: request.alias ?? aliasOf(request),
    owners: null,
    intendedAt: null,
    group: null,
    members: beginMembers(request.members ?? []),
  }),
  isUnsettled: ({ intendedAt, group, members }) =>
    (intendedAt !== null && group === null) || members.some(isMemberUnsettled),

  async perform(request, attempt) {
    const { state } = attempt;
    if (state.group === null) {
      const made = attempt.isDryRun ? await rehearse(request, attempt) : await makeGroup(request, attempt);
      if ("ending" in made) return made.ending;
      state.group = made.group;
      await attempt.keep();
    }
    await addMembers(state.members, { ...attempt, group: state.group, isNewGroup: true });
    return describe(request, state, attempt.isDryRun);
  },

  giveUp: (request, state, error) => describe(request, state, request.dryRun ?? false, error),
};

type Made = { group: GroupReport } | { ending: Ending };
type Rejection = "OBJECT_NOT_FOUND" | "OBJECT_AMBIGUOUS" | "CHANGE_REFUSED" | "NAME_IN_USE" | "ADDRESS_IN_USE";

/** Makes the group, or finds it where an attempt before has made it. Whose it is its notes tell. */
async function makeGroup(request: Request, attempt: Attempt<State>): Promise<Made> {
  const { state } = attempt;
  if (state.intendedAt !== null) {
    const own = await findOwn(request, attempt);
    if (own !== undefined) return own;
  }
  if (state.owners === null) {
    const owners = await resolveOwners(request, attempt);
    if ("ending" in owners) return owners;
    state.owners = owners.ids;
  }

  const isFirst = state.intendedAt === null;
  state.intendedAt ??= new Date().toISOString();
  await attempt.keep();
  try {
    await create(request, state.owners, attempt);
  } catch (thrown) {
    const error = toExchangeError(thrown);
    const { code, message } = error;
    const isConflict = code === "NAME_IN_USE" || code === "ADDRESS_IN_USE";
    if (isConflict && isFirst) return rejectTaken(code, request, message);
    if (!isConflict && code !== "OUTCOME_UNKNOWN") {
      if (isFirst) state.intendedAt = null; // nothing was made, for certain
      throw error;
    }
    return (await findOwnSoon(request, attempt)) ?? unknown(request, error);
  }
  return (await findOwnSoon(request, attempt)) ?? unknown(request);
}

/** Checks what can be checked without making the group. */
async function rehearse(request: Request, attempt: Attempt<State>): Promise<{ group: null } | { ending: Ending }> {
  const owners = await resolveOwners(request, attempt);
  if ("ending" in owners) return owners;
  const taken = await findOwn(request, attempt);
  return taken && "ending" in taken ? taken : { group: null };
}

async function create(request: Request, owners: string[], { client, deadline, state }: Attempt<State>) {
  const { displayName, primarySmtpAddress, joinRestriction, departRestriction, description } = request;
  const parameters = {
    Name: request.name,
    Alias: state.alias,
    ManagedBy: owners,
    Notes: markOf(request),
    Type: request.type === "security" ? ("Security" as const) : ("Distribution" as const),
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

/** The group of this operation; that another object is in its way; undefined where neither is to be seen. */
async function findOwn(request: Request, { client, deadline, state }: Attempt<State>): Promise<Made | undefined> {
  const wanted = { name: request.name, alias: state.alias, primaryAddress: request.primarySmtpAddress };
  let taken: Made | undefined;
  for (const identity of new Set(Object.values(wanted))) {
    if (identity === undefined) continue;
    const resolution = await resolveGroup(client, identity, { deadline });
    if (!("found" in resolution)) continue;
    const { found } = resolution;
    if (found.notes === markOf(request)) return { group: reportOf(found) };
    if (isSame(found.name, wanted.name)) taken ??= rejectTaken("NAME_IN_USE", request);
    if (isSame(found.alias, wanted.alias) || isSame(found.primaryAddress, wanted.primaryAddress)) {
      taken ??= rejectTaken("ADDRESS_IN_USE", request);
    }
  }
  return taken;
}

function isSame(one: string | null | undefined, other: string | undefined): boolean {
  return other !== undefined && one?.toLowerCase() === other.toLowerCase();
}

/** The same, looked for a little longer: a new group cannot be read everywhere at once. */
async function findOwnSoon(request: Request, attempt: Attempt<State>): Promise<Made | undefined> {
  for (const pauseMs of [...attempt.readBackPausesMs, undefined]) {
    const found = await findOwn(request, attempt);
    if (found !== undefined || pauseMs === undefined || remainingMs(attempt.deadline) <= pauseMs) return found;
    await delay(pauseMs);
  }
  return undefined;
}

async function resolveOwners(
  { owners }: Request,
  { client, deadline }: Attempt<State>,
): Promise<{ ids: string[] } | { ending: Ending }> {
  const ids = new Set<string>();
  for (const owner of owners) {
    const resolution = await resolveRecipient(client, owner, { deadline });
    if ("notFound" in resolution) {
      return reject("OBJECT_NOT_FOUND", `Exchange knows nobody called "${owner}", who is to own the list.`);
    }
    if ("ambiguous" in resolution) {
      const { ending } = reject("OBJECT_AMBIGUOUS", `"${owner}" fits several people. Please give the owner's address.`);
      return { ending: { ...ending, candidates: resolution.ambiguous } };
    }
    if (!isPerson(resolution.found)) {
      return reject("CHANGE_REFUSED", `"${owner}" is no person. Please name people as the list's owners.`);
    }
    ids.add(resolution.found.id);
  }
  return { ids: [...ids] };
}

function rejectTaken(code: "NAME_IN_USE" | "ADDRESS_IN_USE", { name }: Request, message?: string): { ending: Ending } {
  const what = code === "NAME_IN_USE" ? `The name "${name}"` : "That address";
  return reject(code, `${what} is taken. Please choose another one.`, message);
}

function reject(code: Rejection, userMessage: string, message = userMessage): { ending: Ending } {
  const error = { code, message };
  return { ending: { outcome: "rejected", error, userMessage, group: null, members: [], candidates: [] } };
}

function unknown({ name }: Request, cause?: ExchangeError): never {
  const message = `The group "${name}" was to be made, and Exchange does not show it yet. ${cause?.message ?? ""}`;
  throw new ExchangeError("OUTCOME_UNKNOWN", message.trim(), { cause });
}

/** What the notes of the group say, by which an attempt after this one knows it. */
function markOf({ operationId }: Request): string {
  return `exchange-online-gateway: made by the operation ${operationId}`;
}

/** Letters, digits and hyphens of the name; where it has none, something that stays the same for this operation. */
function aliasOf({ name, operationId }: Request): string {
  const alias = name
    .normalize("NFKD")
    .replaceAll(/\p{M}/gu, "")
    .replaceAll(/[^A-Za-z0-9]+/g, "-")
    .replaceAll(/^-|-$/g, "")
    .slice(0, 64);
  return alias || `list-${createHash("sha256").update(operationId).digest("hex").slice(0, 12)}`;
}

function reportOf({ id, displayName, name, primaryAddress }: ResolvedGroup): GroupReport {
  return { id, name: displayName ?? name ?? null, address: primaryAddress ?? null };
}

function describe(request: Request, state: State, isDryRun: boolean, error?: ExchangeError): Ending {
  const members = reportMembers(state.members, error);
  const called = state.group?.name ?? request.name;
  const isMade = state.group !== null || (isDryRun && !error);
  const made = isDryRun ? `${called} can be made.` : `${called} is made${addressOf(state)}.`;
  const outcome = outcomeOf(members) === "succeeded" ? "succeeded" : "partial";
  return {
    outcome: isMade ? outcome : "failed",
    error: error ? { code: error.code, message: error.message } : null,
    userMessage: isMade ? [made, describeMembers(members, called)].join(" ").trim() : (error?.userMessage ?? ""),
    group: state.group,
    members,
    candidates: [],
  };
}

function addressOf({ group }: State): string {
  return group?.address ? `: ${group.address}` : "";
}
