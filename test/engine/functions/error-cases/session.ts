import process from "node:process";
import type { AppRights } from "#local/exchange/app-registration";
import type { Fault } from "#local/exchange/faults";
import type { Bench } from "#test/engine/functions/error-cases/bench";
import { type Check, ends, memberEnds } from "#test/engine/functions/error-cases/check";
import { eventually } from "#test/support/eventually";
import { onlyChild } from "#test/support/only-child";

const reading = "Get-DistributionGroup";
const adding = "Add-DistributionGroupMember";

/** A session that cannot be opened. */
const withFault = (fault: Fault) =>
  ends("failed", async (bench) => {
    bench.fault(fault);
    await bench.spoilSession();
    return bench.addition();
  });

/** A session of an app that may do this alone. */
async function limitRights(bench: Bench, rights: AppRights): Promise<void> {
  bench.changes.exchange.app.rights = rights;
  await bench.spoilSession();
}

/** What keeps a session from being opened, what ends it, and what it may not do. */
export const sessionCases = {
  POWERSHELL_EXITED: ends("failed", (bench) => {
    bench.fault({ name: "hang", cmdlet: reading });
    const read = bench.changes.hold(reading);
    read.letGo();
    const meanwhile = async () => {
      await read.asked;
      process.kill(await eventually(onlyChild), "SIGKILL");
    };
    return { ...bench.addition(), meanwhile };
  }),
  NOT_GROUP_MANAGER: memberEnds(
    "failed",
    async (bench) => {
      await limitRights(bench, { withoutParameters: { [adding]: ["BypassSecurityGroupManagerCheck"] } });
      return bench.addition(bench.list({ recipientTypeDetails: "MailUniversalSecurityGroup" }));
    },
    "The people who run this service have to look at it.",
  ),
  PARAMETER_NOT_PERMITTED: ends("failed", async (bench) => {
    await limitRights(bench, { withoutParameters: { "New-DistributionGroup": ["Notes"] } });
    return { action: "create-group", fields: bench.creation() };
  }),
  COMMAND_NOT_PERMITTED: memberEnds("failed", async (bench) => {
    await limitRights(bench, { cmdlets: [reading, "Get-EXORecipient"] });
    return bench.addition();
  }),
  RESOURCE_NOT_FOUND: withFault({ name: "sign-in-refusal", value: 500011 }),
  SIGN_IN_FAILED: withFault({ name: "unavailable", host: "login" }),
} satisfies Record<string, Check>;
