import { type AnyCmdlet, parametersSent, permissionsOf } from "#exchange/cmdlet";
import { cmdlets } from "#exchange/cmdlets/all";
import type { Connection } from "#powershell/session";
import type { Checklist, Outcome } from "#validation/checklist";
import { type Finding, fail, pass, warn } from "#validation/finding";

const howTo = "docs/credentials.md, Roles, has the commands.";

/**
 * Parameters that a role may lack, and what cannot be done then. An app is the manager of no list.
 * https://learn.microsoft.com/powershell/module/exchangepowershell/add-distributiongroupmember#-bypasssecuritygroupmanagercheck
 */
const losses: Readonly<Record<string, string>> = {
  BypassSecurityGroupManagerCheck: "Exchange may refuse to change lists that the app does not manage",
  Type: "no mail-enabled security group can be made",
};

/** Looks at every cmdlet of the gateway. Answers for each, by its name, what came of that. */
export async function checkCmdlets({ check }: Checklist, connected: Outcome<Connection>) {
  const outcomes = new Map<string, Outcome<true>>();
  for (const cmdlet of cmdlets) {
    const name = `cmdlet ${cmdlet.name}`;
    outcomes.set(cmdlet.name, await check(name, [connected], (connection) => judgeCmdlet(cmdlet, connection)));
  }
  return (name: string): Outcome<true> => outcomes.get(name) ?? { missing: `cmdlet ${name}` };
}

/** Whether the session has a cmdlet with what the gateway sends with it. */
function judgeCmdlet(cmdlet: AnyCmdlet, connection: Connection): Finding<true> {
  const { name, sentWherePermitted } = cmdlet;
  const isPermitted = permissionsOf(connection, name);
  if (!isPermitted) {
    return fail(
      `${name} is not in the session.`,
      `Give the app an Exchange role that has ${name}. ${howTo}`,
      "COMMAND_NOT_PERMITTED",
    );
  }
  const sent = parametersSent(cmdlet);
  const missing = [...sent, ...Object.keys(sentWherePermitted)].filter((parameter) => !isPermitted(parameter));
  const lost = missing.filter((parameter) => losses[parameter] !== undefined);
  const needed = missing.filter((parameter) => sent.includes(parameter) && !lost.includes(parameter));
  if (needed.length > 0) {
    return fail(
      `${name} is there without ${needed.join(", ")}.`,
      `Give the app an Exchange role that has ${name} with ${needed.join(", ")}. ${howTo}`,
      "PARAMETER_NOT_PERMITTED",
    );
  }
  if (lost.length > 0) {
    return warn(
      true,
      `there without ${lost.join(", ")}: ${lost.map((parameter) => losses[parameter]).join(", and ")}.`,
      `Give the app the role Security Group Creation and Membership, or Organization Management. ${howTo}`,
    );
  }
  return pass(true, "there with what the gateway sends");
}
