import * as z from "zod";
import {
  addMembers,
  beginMembers,
  isMemberUnsettled,
  type MemberState,
  memberStateSchema,
  reportMembers,
} from "#changes/add-members";
import { describeMembers, outcomeOf } from "#changes/describe-members";
import { reject } from "#changes/reject";
import { isDistributionGroup, type ResolvedGroup, resolveGroup } from "#directory/resolve-group";
import { identitySchema } from "#exchange/identity";
import { memberListSchema, requestFields } from "#operations/request";
import { type Ending, groupReportSchema } from "#operations/result";
import type { Attempt, Skill } from "#operations/skill";
import type { ExchangeError } from "#runtime/exchange-error";

export const addGroupMembersRequestSchema = z.strictObject({
  ...requestFields,
  group: identitySchema.describe("Address, alias, GUID, distinguished name or name of one distribution list."),
  members: memberListSchema,
  reason: z.string().max(1_024).exactOptional().describe("For the record."),
});

type Request = z.infer<typeof addGroupMembersRequestSchema>;

const stateSchema = z.strictObject({
  /** The group that the identity named when the operation began. */
  group: groupReportSchema.nullable(),
  members: z.array(memberStateSchema),
});

type State = z.infer<typeof stateSchema>;

/** "Add to DL": puts recipients into a distribution list that exists. */
export const addGroupMembers: Skill<Request, State> = {
  action: "add-group-members",
  requestSchema: addGroupMembersRequestSchema,
  stateSchema,
  begin: ({ members }) => ({ group: null, members: beginMembers(members) }),
  isUnsettled: ({ members }) => members.some(isMemberUnsettled),

  async perform(request, attempt) {
    const { state } = attempt;
    const found = await findGroup(state.group?.id ?? request.group, attempt);
    if ("ending" in found) return found.ending;
    state.group = found.group;
    await addMembers(state.members, { ...attempt, group: found.group, isNewGroup: false });
    return describe(state);
  },

  giveUp: (_, state, error) => describe(state, error),
};

type Found = { group: NonNullable<State["group"]> } | { ending: Ending };

/** The one group that is meant and can be changed, or why there is none. */
async function findGroup(identity: string, { client, deadline }: Attempt<State>): Promise<Found> {
  const resolution = await resolveGroup(client, identity, { deadline });
  if ("notFound" in resolution) {
    return reject("OBJECT_NOT_FOUND", `Exchange knows no list called "${identity}". Please give its address.`);
  }
  if ("ambiguous" in resolution) {
    const userMessage = `"${identity}" fits several lists. Please give the address of one.`;
    return reject("OBJECT_AMBIGUOUS", userMessage, { candidates: resolution.ambiguous });
  }
  const { found } = resolution;
  const name = nameOf(found);
  const group = { id: found.id, name, address: found.primaryAddress ?? null };
  if (!isDistributionGroup(found)) {
    return reject("GROUP_TYPE_UNSUPPORTED", `${name} is ${kindOf(found)}, which cannot be changed here.`, { group });
  }
  if (found.isMasteredOnPremises) {
    const advice = "is kept on-premises and has to be changed there. Please ask your help desk.";
    return reject("MASTERED_ON_PREMISES", `${name} ${advice}`, { group });
  }
  return { group };
}

function nameOf({ displayName, name, primaryAddress, id }: ResolvedGroup): string {
  return displayName ?? name ?? primaryAddress ?? id;
}

function kindOf({ recipientType }: ResolvedGroup): string {
  if (recipientType === "GroupMailbox") return "a Microsoft 365 group (a team)";
  if (recipientType === "DynamicDistributionGroup") return "a dynamic list, whose members follow from a rule";
  return `no list (${recipientType})`;
}

function describe(
  { group, members }: { group: State["group"]; members: readonly MemberState[] },
  error?: ExchangeError,
) {
  const reports = reportMembers(members, error);
  const outcome = outcomeOf(reports);
  const called = group?.name ?? "the list";
  return {
    outcome,
    error: error ? { code: error.code, message: error.message } : null,
    userMessage: group === null && error ? error.userMessage : describeMembers(reports, called),
    group,
    members: reports,
    candidates: [],
  } satisfies Ending;
}
