import { kindOfIdentity } from "#directory/identity";
import { addMembers, beginMembers, isMemberUnsettled, reportMembers } from "#operations/add-group-members/add-members";
import { describeMembers, outcomeOf } from "#operations/add-group-members/describe-members";
import { makeGroup, rehearseGroup } from "#operations/create-group/make-group";
import {
  aliasOf,
  type CreateGroupRequest,
  type CreateGroupState,
  createGroupRequestSchema,
  createGroupStateSchema,
} from "#operations/create-group/request";
import type { OperationDefinition } from "#operations/operation-type";
import { outcomeOfError, type ResultBody, reject, toResultBody } from "#operations/result";
import type { ExchangeError } from "#runtime/errors";

/** "Create DL": makes a distribution list or mail-enabled security group, and puts recipients into it. */
export const createGroup: OperationDefinition<CreateGroupRequest, CreateGroupState> = {
  action: "create-group",
  requestSchema: createGroupRequestSchema,
  stateSchema: createGroupStateSchema,
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
      const refused = state.intendedAt === null ? refuseMisleadingNames(request) : undefined;
      if (refused) return refused.body;
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

  onFailure: (request, state, error) => describe(request, state, request.dryRun ?? false, error),
};

/** A list that is called like an address would get what is sent to whoever has it, from everybody who types it. */
function refuseMisleadingNames({ name, displayName = name }: CreateGroupRequest) {
  const misleading = [name, displayName].find((each) => kindOfIdentity(each) !== "name");
  if (misleading === undefined) return undefined;
  const userMessage = `A list cannot be called "${misleading}", which looks like an address or an id. Please choose another name.`;
  return reject("VALUE_REFUSED", userMessage);
}

function describe(
  request: CreateGroupRequest,
  state: CreateGroupState,
  isDryRun: boolean,
  error?: ExchangeError,
): ResultBody {
  const members = reportMembers(state.members, error);
  const called = state.group?.name ?? request.name;
  const isMade = state.group !== null || (isDryRun && !error);
  const made = isDryRun ? `${called} can be made.` : `${called} is made${addressOf(state)}.`;
  const outcome = outcomeOf(members) === "succeeded" ? "succeeded" : "partial";
  return toResultBody({
    outcome: isMade || !error ? outcome : outcomeOfError(error.code),
    error: error ? { code: error.code, message: error.message } : null,
    userMessage: isMade ? [made, describeMembers(members, called)].join(" ").trim() : (error?.userMessage ?? ""),
    group: state.group,
    members,
  });
}

function addressOf({ group }: CreateGroupState): string {
  return group?.address ? `: ${group.address}` : "";
}
