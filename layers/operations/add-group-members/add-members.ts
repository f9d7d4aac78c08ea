import { setTimeout as delay } from "node:timers/promises";
import * as z from "zod";
import { isDirectMember } from "#directory/membership";
import { type Recipient, resolveMember } from "#directory/recipients";
import { referTo } from "#directory/reference";
import type { ExchangeClient } from "#exchange/client";
import { addDistributionGroupMember } from "#exchange/cmdlets/distribution-group";
import { longestIdentity } from "#facts/longest-identity";
import { noteOn, reasonAgainst, reportMember, reportUnresolved } from "#operations/add-group-members/member-report";
import type { Attempt } from "#operations/operation-type";
import { type MemberReport, memberReportSchema } from "#operations/result";
import { type Deadline, remainingMs } from "#runtime/deadline";
import { type ErrorCode, ExchangeError, toExchangeError } from "#runtime/errors";
import { shorten } from "#runtime/text";

/** What is known of one member that was asked for. */
export const memberStateSchema = z.strictObject({
  member: z.string(),
  /**
   * Who is about to be added, and was no member: written down before Exchange is told. As long as it stands, the addition may
   * have been made, and nothing but evidence tells whether it was.
   */
  intended: z.strictObject({ id: z.string() }).nullable(),
  report: memberReportSchema.nullable(),
});

export type MemberState = z.infer<typeof memberStateSchema>;

export type Addition = {
  client: ExchangeClient;
  deadline: Deadline;
  isDryRun: boolean;
  keep(): Promise<void>;
  readBackPausesMs: readonly number[];
  /** null where a dry run has made none. */
  group: { id: string } | null;
  isSecurityGroup: boolean;
};

/** Refusals that are about one member, or about this group for good. They are that member's outcome. */
const refusals: Partial<Record<ErrorCode, MemberReport["outcome"]>> = {
  OBJECT_NOT_FOUND: "notFound",
  OBJECT_AMBIGUOUS: "ambiguous",
  MASTERED_ON_PREMISES: "notAllowed",
  GROUP_TYPE_UNSUPPORTED: "notAllowed",
  CHANGE_REFUSED: "notAllowed",
  VALUE_REFUSED: "notAllowed",
  PARAMETER_INVALID: "notAllowed",
  IDENTITY_INVALID: "notAllowed",
  MAILBOX_MISSING: "notAllowed",
  NOT_GROUP_MANAGER: "failed",
  OUTSIDE_WRITE_SCOPE: "failed",
  DIRECTORY_WRITE_DENIED: "failed",
  DIRECTORIES_DISAGREE: "failed",
  COMMAND_NOT_PERMITTED: "failed",
  PARAMETER_NOT_PERMITTED: "failed",
  PARAMETERS_REJECTED: "failed",
  EXCHANGE_REFUSED: "failed",
};

/** Trouble with one member after which the next one can be tried. */
const passing: readonly ErrorCode[] = [
  "OUTCOME_UNKNOWN",
  "OBJECT_NOT_YET_KNOWN",
  "EXCHANGE_TRANSIENT",
  "DIRECTORY_WRITE_FAILED",
];

export function beginMembers(members: readonly string[]): MemberState[] {
  return members.map((member) => ({ member, intended: null, report: null }));
}

/**
 * Adds each member that has no report yet, one after another, and gives each its report. The trouble of one does not stop
 * the others; it is thrown when all were tried, and whoever has no report then is to be tried again.
 */
export async function addMembers(members: readonly MemberState[], addition: Addition): Promise<void> {
  let trouble: ExchangeError | undefined;
  for (const state of members) {
    if (state.report !== null) continue;
    let found: Recipient | undefined;
    try {
      const { client, deadline } = addition;
      const resolution = await resolveMember(client, state.intended?.id ?? state.member, { deadline });
      if ("found" in resolution) {
        found = resolution.found;
        state.report = await addMember(state, found, members, addition);
      } else if (state.intended !== null) throw stillOpen(state.intended.id, addition);
      else state.report = reportUnresolved(state, resolution);
    } catch (thrown) {
      const error = toExchangeError(thrown);
      const outcome = refusals[error.code];
      if (outcome !== undefined && state.intended === null) {
        state.report = reportMember(state, { outcome, error, found });
      } else if (outcome !== undefined) trouble ??= stillOpen(state.intended?.id, addition, error);
      else if (passing.includes(error.code)) trouble ??= error;
      else throw error;
    }
  }
  if (trouble) throw trouble;
}

/** Whether a member may have been added of whom there is no evidence. */
export function isMemberUnsettled({ intended, report }: MemberState): boolean {
  return intended !== null && report === null;
}

async function addMember(
  state: MemberState,
  found: Recipient,
  members: readonly MemberState[],
  addition: Addition,
): Promise<MemberReport> {
  const { client, deadline, group, isDryRun } = addition;
  const same = members.find(({ report }) => report?.id === found.id)?.report;
  if (same) return { ...same, member: shorten(state.member, longestIdentity) };
  const reason = reasonAgainst(found, group);
  if (reason && state.intended !== null) throw stillOpen(found.id, addition, reason);
  if (reason) return reportMember(state, { found, outcome: "notAllowed", error: reason });
  const note = addition.isSecurityGroup ? noteOn(found) : undefined;
  if (group === null) return reportMember(state, { found, outcome: "wouldBeAdded", note });
  // The same person may stand in another entry under another name.
  const isIntended = members.some(({ intended }) => intended?.id === found.id);
  const look = async () => (await isDirectMember(client, group, found, { deadline })) || undefined;
  // What one directory has already the other may show soon.
  const lookAfter = ({ code }: ExchangeError) => (code === "DIRECTORIES_DISAGREE" ? lookAgain(addition, look) : look());
  if (await look()) return reportMember(state, { found, outcome: isIntended ? "added" : "alreadyMember", note });
  if (isDryRun) return reportMember(state, { found, outcome: "wouldBeAdded", note });

  const before = state.intended;
  state.intended = { id: found.id };
  await addition.keep().catch((error) => {
    state.intended = before; // nothing was sent
    throw error;
  });
  let cause: ExchangeError | undefined;
  try {
    await add(group, found, addition);
  } catch (thrown) {
    const error = toExchangeError(thrown);
    if (error.code !== "OUTCOME_UNKNOWN") {
      // Only where it was the first addition there was does a refusal say that none was made; a lasting one is told as the
      // end, so a look has to show the same.
      if (isIntended) throw error;
      state.intended = null;
      if (!error.retryable && (await lookAfter(error))) return reportMember(state, { found, outcome: "added", note });
      throw error;
    }
    cause = error;
  }
  const isThere = await lookAgain(addition, look).catch((thrown) => {
    cause = toExchangeError(thrown); // about the look, whatever it says: what was sent may have been done
  });
  if (isThere) return reportMember(state, { found, outcome: "added", note });
  throw stillOpen(found.id, addition, cause);
}

/** The error of an addition that may have been made, which Exchange does not show. */
function stillOpen(id: string | undefined, { group }: Addition, cause?: ExchangeError): ExchangeError {
  const sentence = `${id} was to be added to the group ${group?.id}, and Exchange does not show it there yet.`;
  return new ExchangeError("OUTCOME_UNKNOWN", [sentence, cause?.message].join(" ").trim(), { cause });
}

/** Being a member already may be the work of an attempt before, or of the module, which repeats a call by itself. */
async function add(group: { id: string }, found: Recipient, { client, deadline }: Addition): Promise<undefined> {
  try {
    await client.write(addDistributionGroupMember, { Identity: group.id, Member: found.id }, { deadline });
  } catch (thrown) {
    const error = toExchangeError(thrown);
    if (error.code === "ALREADY_MEMBER") return;
    if (error.code !== "OBJECT_NOT_FOUND") throw error;
    // Both were found just before.
    const who = error.message.includes(found.id) ? referTo(found).name : "The list";
    const userMessage = `${who} is so new that Exchange does not know it everywhere, which can take some minutes.`;
    throw new ExchangeError("OBJECT_NOT_YET_KNOWN", error.message, { cause: error, userMessage });
  }
}

/** Looks for what was changed, now and a little later: not everything can be read at once. Undefined where it is not seen. */
export async function lookAgain<Seen>(
  { readBackPausesMs, deadline }: Pick<Attempt<unknown>, "readBackPausesMs" | "deadline">,
  look: () => Promise<Seen | undefined>,
): Promise<Seen | undefined> {
  for (const pauseMs of readBackPausesMs) {
    const seen = await look();
    if (seen !== undefined || remainingMs(deadline) <= pauseMs) return seen;
    await delay(pauseMs);
  }
  return look();
}
