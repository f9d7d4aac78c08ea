import type { Resolution } from "#directory/identity";
import { isAccountType, memberTypes } from "#directory/recipient-types";
import type { Recipient } from "#directory/recipients";
import { referTo } from "#directory/reference";
import { describeMissingMailbox } from "#directory/sentences";
import { explainUnresolved } from "#directory/unresolved";
import { longestIdentity } from "#facts/longest-identity";
import type { MemberReport } from "#operations/result";
import { type ErrorCode, ExchangeError } from "#runtime/errors";
import { shorten } from "#runtime/text";

/** What was asked for, and its report once there is one. */
type Asked = { member: string; report: MemberReport | null };

/** Everybody's report; whoever has none did not get as far, for this reason. */
export function reportMembers(members: readonly Asked[], error?: ExchangeError): MemberReport[] {
  return members.map(
    (state) => state.report ?? reportMember(state, { outcome: "failed", ...(error ? { error } : {}) }),
  );
}

/** What became of one member, with the sentence that an employee is told of it: the error's, or the note. */
export function reportMember(
  { member }: Pick<Asked, "member">,
  more: {
    outcome: MemberReport["outcome"];
    found?: Recipient | undefined;
    error?: ExchangeError;
    note?: string | undefined;
  } & Partial<Pick<MemberReport, "candidates">>,
): MemberReport {
  const {
    outcome,
    found,
    error,
    note = error && (userReasons[error.code] ?? error.userMessage),
    candidates = [],
  } = more;
  return {
    member: shorten(member, longestIdentity),
    outcome,
    id: found?.id ?? null,
    name: found?.displayName ?? found?.name ?? null,
    address: found?.primaryAddress ?? null,
    error: error ? { code: error.code, message: error.message } : null,
    ...(note === undefined ? {} : { userMessage: note }),
    candidates,
  };
}

/** Why there is nobody to add. */
export function reportUnresolved(
  state: Pick<Asked, "member">,
  resolution: Exclude<Resolution<Recipient>, { found: Recipient }>,
): MemberReport {
  const { code, userMessage, candidates } = explainUnresolved(state.member, resolution, "anybody");
  return reportMember(state, {
    outcome: unresolved[code],
    candidates,
    ...(code === "OBJECT_NOT_EXACT" ? { note: userMessage } : {}),
  });
}

const unresolved = {
  OBJECT_NOT_FOUND: "notFound",
  OBJECT_AMBIGUOUS: "ambiguous",
  OBJECT_NOT_EXACT: "suggested",
} as const;

/** What an employee is told of a list, where the code's own sentence is about any object. */
const userReasons: Partial<Record<ErrorCode, string>> = {
  IDENTITY_INVALID: "The entry is empty.",
  MASTERED_ON_PREMISES: "The list is kept on-premises and has to be changed there. Please ask your help desk.",
};

/** Why somebody cannot be in a group. */
export function reasonAgainst(found: Recipient, group: { id: string } | null): ExchangeError | undefined {
  const { id, name, type } = referTo(found);
  if (id === group?.id) {
    return new ExchangeError("CHANGE_REFUSED", "A group cannot be its own member.", {
      userMessage: "A list cannot be in itself.",
    });
  }
  if (memberTypes.has(type)) return undefined;
  if (isAccountType(type)) {
    const userMessage = describeMissingMailbox(name, "be in");
    return new ExchangeError("MAILBOX_MISSING", `The account ${id} has no mailbox.`, { userMessage });
  }
  return new ExchangeError("CHANGE_REFUSED", `Exchange has no ${type} in distribution groups.`, {
    userMessage: unfitKinds[type] ?? "A list holds people, contacts, rooms and other lists only.",
  });
}

const unfitKinds: Partial<Record<string, string>> = {
  GroupMailbox: "A team (a Microsoft 365 group) cannot be in a list.",
  DynamicDistributionGroup: "A dynamic list, whose members follow from a rule, cannot be in another list.",
};

/** What else is to be known of a member of a security group: lists that are none hand on no access. */
export function noteOn(found: Recipient): string | undefined {
  const { name, type } = referTo(found);
  if (type !== "MailUniversalDistributionGroup" && type !== "RoomList") return undefined;
  return `Whoever is in ${name} gets the mail, but no access: for that ${name} would have to be a security group.`;
}
