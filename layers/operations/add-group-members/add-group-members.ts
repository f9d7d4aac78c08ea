import * as z from "zod";
import { namedSchema } from "#directory/reference";
import { findDistributionGroup } from "#directory/resolve-group";
import { identitySchema } from "#exchange/values";
import {
  addMembers,
  beginMembers,
  isMemberUnsettled,
  type MemberState,
  memberStateSchema,
} from "#operations/add-group-members/add-members";
import { describeMembers, outcomeOf } from "#operations/add-group-members/describe-members";
import { reportMembers } from "#operations/add-group-members/member-report";
import { describeTooMany, memberListSchema, requestFields } from "#operations/message";
import type { Attempt, OperationDefinition } from "#operations/operation-type";
import { type ResultBody, reject, toResultBody } from "#operations/result";
import { ExchangeError } from "#runtime/errors";

export const addGroupMembersRequestSchema = z.strictObject({
  ...requestFields,
  group: identitySchema.describe("Address, alias, GUID, distinguished name or name of one distribution list."),
  members: memberListSchema,
  reason: z.string().exactOptional().describe("For the record."),
});

type Request = z.infer<typeof addGroupMembersRequestSchema>;

const stateSchema = z.strictObject({
  /** The group that the identity named when the operation began. */
  group: namedSchema.nullable(),
  members: z.array(memberStateSchema),
});

type State = z.infer<typeof stateSchema>;

/** "Add to DL": puts recipients into a distribution list that exists. */
export const addGroupMembers: OperationDefinition<Request, State> = {
  action: "add-group-members",
  requestSchema: addGroupMembersRequestSchema,
  stateSchema,
  begin: ({ members }) => ({ group: null, members: beginMembers(members) }),
  isUnsettled: ({ members }) => members.some(isMemberUnsettled),

  async perform(request, attempt) {
    const { state } = attempt;
    const tooMany = describeTooMany(request.members);
    if (tooMany !== undefined) return reject("CONTENT_INVALID", tooMany).body;
    const found = await findGroup(state.group?.id ?? request.group, attempt);
    if ("body" in found) {
      requireSettled(state, found.body);
      return endEarly(state, found.body);
    }
    const { group, isSecurityGroup } = found;
    state.group = group;
    await addMembers(state.members, { ...attempt, group, isSecurityGroup });
    return describe(state);
  },

  onFailure: (_, state, error) => describe(state, error),
};

/** Where somebody may have been added already, a list that cannot be found or changed now tells nothing of it. */
function requireSettled({ members, group }: State, { userMessage }: ResultBody): void {
  if (!members.some(isMemberUnsettled)) return;
  const message = `Somebody was to be added to the group ${group?.id}, and whether that was done cannot be seen. ${userMessage}`;
  throw new ExchangeError("OUTCOME_UNKNOWN", message);
}

/** Whoever was added before the list could no longer be found or changed stays told. */
function endEarly(state: State, body: ResultBody): ResultBody {
  const { error } = body;
  if (error === null || state.members.every(({ report }) => report === null)) return body;
  return describe(state, new ExchangeError(error.code, error.message));
}

type Found = { group: NonNullable<State["group"]>; isSecurityGroup: boolean } | { body: ResultBody };

/** The one group that is meant and can be changed, or why there is none. */
async function findGroup(identity: string, { client, deadline }: Attempt<State>): Promise<Found> {
  const resolution = await findDistributionGroup(client, identity, { deadline, cannot: "It cannot be changed here." });
  if ("refusal" in resolution) {
    const { code, userMessage, ...more } = resolution.refusal;
    return reject(code, userMessage, more);
  }
  const { found, group } = resolution;
  const isSecurityGroup = found.recipientType === "MailUniversalSecurityGroup";
  if (!found.isMasteredOnPremises) return { group, isSecurityGroup };
  const advice = "is kept on-premises and has to be changed there. Please ask your help desk.";
  return reject("MASTERED_ON_PREMISES", `${group.name} ${advice}`, { group });
}

function describe(
  { group, members }: { group: State["group"]; members: readonly MemberState[] },
  error?: ExchangeError,
): ResultBody {
  const reports = reportMembers(members, error);
  const outcome = outcomeOf(reports);
  const called = group?.name ?? "the list";
  return toResultBody({
    outcome,
    error: error ? { code: error.code, message: error.message } : null,
    userMessage: group === null && error ? error.userMessage : describeMembers(reports, called),
    group,
    members: reports,
  });
}
