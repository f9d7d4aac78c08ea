import {
  type AnyCmdlet,
  type Cmdlet,
  checkParameters,
  parametersSent,
  permissionsOf,
  permitParameters,
} from "#exchange/cmdlet";
import { cmdlets } from "#exchange/cmdlets/all";
import { getDistributionGroup, getDistributionGroupMember } from "#exchange/cmdlets/distribution-group";
import { getExoRecipient } from "#exchange/cmdlets/get-exorecipient";
import { getUser } from "#exchange/cmdlets/get-user";
import { classifyError } from "#exchange/errors/classify";
import { connectRequest } from "#exchange/session/sign-in";
import { CmdletError } from "#powershell/calls";
import type { Connection, ModuleFacts, PowerShellSession } from "#powershell/session";
import type { ExchangeEnvironmentName } from "#runtime/configuration";
import { type Deadline, deadlineIn, earlier } from "#runtime/deadline";
import { type ErrorCode, toExchangeError } from "#runtime/errors";
import { type Attempts, createAttempts, retry } from "#runtime/retry";
import { summarizeIssues } from "#runtime/text";
import type { checkCertificate } from "#validation/certificate-checks";
import {
  type Checklist,
  explainThrown,
  type Finding,
  fail,
  type Outcome,
  pass,
  skip,
  warn,
} from "#validation/checklist";
import type { checkEnvironment } from "#validation/environment-checks";
import type { checkSecret } from "#validation/secret-checks";

type Parts = {
  secret: Awaited<ReturnType<typeof checkSecret>>;
  certificate: Awaited<ReturnType<typeof checkCertificate>>;
  environment: Awaited<ReturnType<typeof checkEnvironment>>;
};

type Options = {
  openSession: () => PowerShellSession;
  environmentName: ExchangeEnvironmentName;
  deadline: Deadline;
};

/** What Exchange answered to the token: a connection, or that a role is missing. */
type SignIn = { connection: Connection } | { refusal: Finding<never> };

/** Connects once; how far that came tells about the token and about each role. Answers the connection. */
export async function checkSignIn(
  { check }: Checklist,
  { secret: { appId, tenantDomain, pfx }, certificate, environment }: Parts,
  { openSession, environmentName, deadline }: Options,
) {
  const { password, key, algorithm, validity } = certificate;
  const { clock, module } = environment;
  const token = await check(
    "token",
    [appId, tenantDomain, pfx, password, key, algorithm, validity, clock, module],
    async (id, domain, base64, { certificatePassword }): Promise<Finding<SignIn>> => {
      const credential = { appId: id, tenantDomain: domain, certificate: base64, certificatePassword };
      return connect(openSession(), connectRequest(credential, { environmentName, deadline }), environmentName);
    },
  );
  const appRole = await check(
    "app role",
    [token],
    (signIn) => refusalOf(signIn, "APP_ROLE_MISSING") ?? pass(signIn, "Exchange takes the app's token"),
  );
  return check("directory role", [appRole], (signIn): Finding<Connection> => {
    if ("refusal" in signIn) return signIn.refusal;
    return pass(signIn.connection, "Exchange lets the app in");
  });
}

/** A role is asked about only with a token in hand, so where one is missing there was a token. */
async function connect(
  session: PowerShellSession,
  request: Parameters<PowerShellSession["connect"]>[0],
  environmentName: ExchangeEnvironmentName,
): Promise<Finding<SignIn>> {
  const found = `Microsoft Entra ID gave ${request.appId} a token`;
  try {
    return pass({ connection: await session.connect(request) }, found);
  } catch (thrown) {
    if (!(thrown instanceof CmdletError)) throw thrown;
    const refusal = explainThrown(thrown, environmentName);
    const isAboutRoles = refusal.code === "APP_ROLE_MISSING" || refusal.code === "DIRECTORY_ROLE_MISSING";
    return isAboutRoles ? pass({ refusal }, found) : refusal;
  }
}

function refusalOf(signIn: SignIn, code: ErrorCode): Finding<never> | undefined {
  return "refusal" in signIn && signIn.refusal.code === code ? signIn.refusal : undefined;
}

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

const warningMs = 10_000;

/** How long it took to load the module and to sign in. */
export function judgeConnectTime(module: ModuleFacts, connection: Connection): Finding<true> {
  const loadMs = module.importMs + connection.importMs;
  const { connectMs } = connection;
  const found = `${seconds(loadMs + connectMs)}: module ${seconds(loadMs)}, sign-in ${seconds(connectMs)}`;
  if (loadMs + connectMs <= warningMs) return pass(true, found);
  return warn(
    true,
    found,
    "Give the function more memory, which brings processor time (1,769 MB is one processor), or look at the way to Exchange and at Microsoft's service health.",
  );
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}

/** Longer than the cmdlets that Exchange serves repeat a read by themselves. */
const readLimitMs = 90_000;

/** A moment's trouble of Exchange says nothing of a credential. */
const retryPausesMs = [1_000, 4_000];

type ReadCheckOptions = {
  openSession: () => PowerShellSession;
  environmentName: ExchangeEnvironmentName;
  deadline: Deadline;
};
type Permitted = (name: string) => Outcome<unknown>;

/** Reads one object with each cmdlet that reads. */
export async function checkReads(
  { check }: Checklist,
  { connected, permitted }: { connected: Outcome<Connection>; permitted: Permitted },
  options: ReadCheckOptions,
): Promise<void> {
  const readOne = <Row, Parameters>(cmdlet: Cmdlet<Row, Parameters>, parameters: Parameters) =>
    check(nameOf(cmdlet), [connected, permitted(cmdlet.name)], (connection) =>
      read(cmdlet, parameters, connection, options),
    );
  await readOne(getExoRecipient, { ResultSize: 1 });
  await readOne(getUser, { ResultSize: 1 });
  const group = await readOne(getDistributionGroup, { ResultSize: 1 });
  const members = getDistributionGroupMember;
  await check(nameOf(members), [connected, permitted(members.name), group], (connection, _, row) => {
    const id = row && members.rowId(row);
    if (id === undefined) return skip("there is no distribution list to look into");
    return read(members, { Identity: id, ResultSize: 1 }, connection, options);
  });
}

function nameOf({ name }: { name: string }): string {
  return `read with ${name}`;
}

/** What ended PowerShell is not tried again: every check has the same one. */
function onlyAfterAnswers({ backoff }: Attempts): Attempts["backoff"] {
  return async (attempt, thrown) => {
    if (!(thrown instanceof CmdletError)) throw thrown;
    await backoff(attempt, thrown);
  };
}

/** The one object that is answered, if there is any. */
async function read<Row, Parameters>(
  cmdlet: Cmdlet<Row, Parameters>,
  parameters: Parameters,
  connection: Connection,
  { openSession, environmentName, deadline }: ReadCheckOptions,
): Promise<Finding<Row | undefined>> {
  const startedAt = performance.now();
  const attempts = createAttempts(retryPausesMs, new AbortController().signal, (thrown) =>
    thrown instanceof CmdletError
      ? classifyError(thrown, { cmdlet: cmdlet.name, access: "read", environmentName })
      : toExchangeError(thrown),
  );
  const rows = await retry({ backoff: onlyAfterAnswers(attempts) }, () =>
    Array.fromAsync(
      openSession().invoke({
        cmdlet: cmdlet.name,
        parameters: permitParameters(connection, cmdlet, checkParameters(cmdlet, parameters)),
        select: cmdlet.properties,
        deadline: earlier(deadline, deadlineIn(readLimitMs)),
      }),
    ),
  );
  const took = `in ${((performance.now() - startedAt) / 1000).toFixed(1)} s`;
  const [row] = rows;
  if (row === undefined) return pass(undefined, `answered ${took}; there is no such object`);
  const parsed = cmdlet.row.safeParse(row);
  if (parsed.success) return pass(parsed.data, `one object ${took}`);
  return fail(
    `The object is not as expected: ${summarizeIssues(parsed.error)}.`,
    "The gateway has to be corrected for what Exchange answers now: report it.",
    "ROWS_REJECTED",
  );
}
