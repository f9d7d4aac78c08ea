import { expect } from "vitest";
import type { Fault } from "#local/exchange/faults";
import type { Bench } from "#test/engine/functions/error-cases/bench";
import { type Check, ends, memberEnds } from "#test/engine/functions/error-cases/check";

const adding = "Add-DistributionGroupMember";
const reading = "Get-DistributionGroup";

/** An addition during which Exchange has this trouble. */
const additionWith = (fault: Fault) => (bench: Bench) => {
  bench.fault(fault);
  return bench.addition();
};

/** A list is to be made of this. */
const creation = (fields: (bench: Bench) => object) => (bench: Bench) => {
  return { action: "create-group" as const, fields: bench.creation(fields(bench)) };
};

/** What Exchange answers to a call. */
export const exchangeCases = {
  PARAMETERS_REJECTED: memberEnds(
    "failed",
    additionWith({
      name: "transient",
      value: "System.Management.Automation.ParameterBindingException",
      cmdlet: adding,
    }),
  ),
  OBJECT_NOT_FOUND: ends("rejected", (bench) => ({
    fields: { group: "no-such-list@contoso.com", members: [bench.person().guid] },
  })),
  OBJECT_AMBIGUOUS: ends("rejected", (bench) => {
    for (const _ of [1, 2]) bench.list({ displayName: "Twins" });
    return { fields: { group: "Twins", members: [bench.person().guid] } };
  }),
  ALREADY_MEMBER: isMemberMeanwhile,
  NAME_IN_USE: ends(
    "rejected",
    creation((bench) => ({ name: bench.list().name, alias: "nobodys-alias" })),
  ),
  ADDRESS_IN_USE: ends(
    "rejected",
    creation((bench) => ({ alias: bench.person().alias })),
  ),
  MASTERED_ON_PREMISES: ends("rejected", (bench) => bench.addition(bench.list({ isDirSynced: true }))),
  GROUP_TYPE_UNSUPPORTED: ends("rejected", (bench) =>
    bench.addition(bench.list({ recipientTypeDetails: "GroupMailbox" })),
  ),
  CHANGE_REFUSED: memberEnds("notAllowed", (bench) => {
    const group = bench.list();
    return bench.addition(group, group);
  }),
  VALUE_REFUSED: ends(
    "rejected",
    (bench) => {
      bench.tenant.groupNamingPolicy = { blockedWords: ["payroll"] };
      return creation(() => ({ name: "The Payroll" }))(bench);
    },
    { says: 'contains "payroll", a word that' },
  ),
  DOMAIN_NOT_ACCEPTED: ends(
    "rejected",
    creation(() => ({ primarySmtpAddress: "list@fabrikam.example" })),
    { says: "not an accepted domain" },
  ),
  OBJECT_NOT_EXACT: ends(
    "rejected",
    (bench) => {
      const { displayName } = bench.list({ displayName: "Called so" });
      return { fields: { group: displayName, members: [bench.person().guid] } };
    },
    { says: "Do you mean Called so (" },
  ),
  OBJECT_NOT_YET_KNOWN: ends(
    "failed",
    (bench) => {
      const whenCreatedMs = Date.now();
      bench.fault({ name: "late-objects", value: 86_400, cmdlet: adding });
      return bench.addition(bench.list(), bench.person({ displayName: "Nina New", whenCreatedMs }));
    },
    { says: "Nina New is so new that Exchange does not know it everywhere" },
  ),
  MAILBOX_MISSING: memberEnds(
    "notAllowed",
    (bench) => bench.addition(bench.list(), bench.person({ recipientTypeDetails: "User", displayName: "Nina New" })),
    "Nina New has an account but no mailbox yet",
  ),
  OUTSIDE_WRITE_SCOPE: memberEnds(
    "failed",
    additionWith({ name: "write-scope", cmdlet: adding }),
    "This service may not change this list. The people who run this service have to look at it.",
  ),
  DIRECTORY_WRITE_DENIED: memberEnds(
    "failed",
    additionWith({
      name: "directory-write",
      value: "Insufficient privileges to complete the operation.",
      cmdlet: adding,
    }),
    "The people who run this service have to look at it.",
  ),
  DIRECTORIES_DISAGREE: memberEnds(
    "failed",
    additionWith({
      name: "directory-write",
      value: "One or more added object references already exist for the following modified properties: 'members'.",
      cmdlet: adding,
    }),
    "do not agree who is in this list",
  ),
  THROTTLED: ends("failed", additionWith({ name: "throttle", cmdlet: reading })),
  EXCHANGE_TRANSIENT: ends("failed", additionWith({ name: "empty-error", cmdlet: reading })),
  ANSWER_TRUNCATED: ends(
    "failed",
    additionWith({
      name: "warning",
      value: "There are more results available than are currently displayed.",
      cmdlet: reading,
    }),
  ),
  EXCHANGE_REFUSED: ends(
    "failed",
    additionWith({ name: "transient", value: "Microsoft.Exchange.Tasks.OddException", cmdlet: reading }),
  ),
} satisfies Record<string, Check>;

/** Somebody else is faster: between the look at the list and the change. */
async function isMemberMeanwhile(bench: Bench): Promise<void> {
  const { exchange, hold, request } = bench.changes;
  const { group, member, fields } = bench.addition();
  const before = exchange.requests.length;
  const change = hold(adding);

  const adds = request("add-group-members", fields);
  await change.asked;
  bench.tenant.addMember(group, member);
  change.letGo();

  expect(await adds).toMatchObject({ outcome: "succeeded", members: [{ outcome: "added", error: null }] });
  expect(exchange.requests.slice(before).find(({ cmdlet }) => cmdlet === adding)?.status).toBe(400);
}
