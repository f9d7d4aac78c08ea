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

/** An app that lacks these parameters. */
async function withoutParameters(bench: Bench, cmdlet: string, names: string[]): Promise<void> {
  bench.changes.exchange.app.rights = { withoutParameters: { [cmdlet]: names } };
  await bench.spoilSession();
}

/** What Exchange answers to a call. */
export const exchangeCases = {
  COMMAND_NOT_PERMITTED: memberEnds("failed", async (bench) => {
    bench.changes.exchange.app.rights = { cmdlets: [reading, "Get-EXORecipient"] };
    await bench.spoilSession();
    return bench.addition();
  }),
  PARAMETER_NOT_PERMITTED: ends("failed", async (bench) => {
    await withoutParameters(bench, "New-DistributionGroup", ["Notes"]);
    return creation(() => ({}))(bench);
  }),
  NOT_GROUP_MANAGER: memberEnds("notAllowed", async (bench) => {
    await withoutParameters(bench, adding, ["BypassSecurityGroupManagerCheck"]);
    return bench.addition();
  }),
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
  VALUE_REFUSED: ends("failed", (bench) => {
    bench.tenant.groupNamingPolicy = { blockedWords: ["payroll"] };
    return creation(() => ({ name: "The Payroll" }))(bench);
  }),
  DOMAIN_NOT_ACCEPTED: ends(
    "failed",
    creation(() => ({ primarySmtpAddress: "list@fabrikam.example" })),
  ),
  THROTTLED: ends("failed", additionWith({ name: "throttle", cmdlet: adding })),
  EXCHANGE_TRANSIENT: ends("failed", additionWith({ name: "empty-error", cmdlet: reading })),
  NOT_CONNECTED: ends("failed", additionWith({ name: "expired-token", cmdlet: reading })),
  ANSWER_TRUNCATED: ends(
    "failed",
    additionWith({
      name: "warning",
      value: "There are more results available than are currently displayed.",
      cmdlet: reading,
    }),
  ),
  EXCHANGE_REFUSED: memberEnds(
    "failed",
    additionWith({ name: "transient", value: "Microsoft.Exchange.Tasks.OddException", cmdlet: adding }),
  ),
} satisfies Record<string, Check>;

/** Somebody else is faster: between the look at the list and the change. */
async function isMemberMeanwhile(bench: Bench): Promise<void> {
  const { exchange, request } = bench.changes;
  const { group, member, fields } = bench.addition();
  bench.fault({ name: "slow", value: 300, cmdlet: adding });
  const before = exchange.requests.length;

  const adds = request("add-group-members", fields);
  await bench.untilAsked(adding, before);
  bench.tenant.addMember(group, member);

  expect(await adds).toMatchObject({ outcome: "succeeded", members: [{ outcome: "added", error: null }] });
  expect(exchange.requests.slice(before).find(({ cmdlet }) => cmdlet === adding)?.status).toBe(400);
}
