import { addMembers, beginMembers, isMemberUnsettled } from "#operations/add-group-members/add-members";
import { describeMembers, outcomeOf } from "#operations/add-group-members/describe-members";
import { reportMembers } from "#operations/add-group-members/member-report";
import { makeGroup, rehearseGroup } from "#operations/create-group/make-group";
import {
  aliasOf,
  type CreateGroupRequest,
  type CreateGroupState,
  createGroupRequestSchema,
  createGroupStateSchema,
  findContentProblem,
  tidyRequest,
} from "#operations/create-group/request";
import type { OperationDefinition } from "#operations/operation-type";
import { outcomeOfError, type ResultBody, reject, toResultBody } from "#operations/result";
import type { ExchangeError } from "#runtime/errors";

/** "Create DL": makes a distribution list or mail-enabled security group, and puts recipients into it. */
export const createGroup: OperationDefinition<CreateGroupRequest, CreateGroupState> = {
  action: "create-group",
  requestSchema: createGroupRequestSchema,
  stateSchema: createGroupStateSchema,
  begin: (asked) => {
    const request = tidyRequest(asked);
    const alias = request.alias ?? aliasOf(request);
    return { alias, owners: null, intendedAt: null, group: null, members: beginMembers(request.members ?? []) };
  },
  isUnsettled: ({ intendedAt, group, members }) =>
    (intendedAt !== null && group === null) || members.some(isMemberUnsettled),

  async perform(asked, attempt) {
    const { state } = attempt;
    const request = tidyRequest(asked);
    if (state.group === null) {
      const problem = state.intendedAt === null ? findContentProblem(request) : undefined;
      if (problem !== undefined) return reject("CONTENT_INVALID", problem).body;
      const made = attempt.isDryRun ? await rehearseGroup(request, attempt) : await makeGroup(request, attempt);
      if ("body" in made) return made.body;
      state.group = made.group;
      await attempt.keep();
    }
    await addMembers(state.members, {
      ...attempt,
      ...{ group: state.group, isSecurityGroup: request.type === "security" },
    });
    return describe(request, state, attempt.isDryRun);
  },

  onFailure: (request, state, error) => describe(tidyRequest(request), state, request.dryRun ?? false, error),
};

function describe(
  request: CreateGroupRequest,
  state: CreateGroupState,
  isDryRun: boolean,
  error?: ExchangeError,
): ResultBody {
  const members = reportMembers(state.members, error);
  const called = state.group?.name ?? request.name;
  const isMade = state.group !== null || (isDryRun && !error);
  const made = isDryRun ? `${called} can be made. ${unchecked}` : `${called} is made${addressOf(state)}.`;
  const outcome = outcomeOf(members) === "succeeded" ? "succeeded" : "partial";
  return toResultBody({
    outcome: isMade || !error ? outcome : outcomeOfError(error.code),
    error: error ? { code: error.code, message: error.message } : null,
    userMessage: isMade ? [made, describeMembers(members, called)].join(" ").trim() : (error?.userMessage ?? ""),
    group: state.group,
    members,
  });
}

/** What a dry run cannot see. */
const unchecked = "Whether your organization's rules for names allow it shows when it is made.";

function addressOf({ group }: CreateGroupState): string {
  return group?.address ? `: ${group.address}` : "";
}
