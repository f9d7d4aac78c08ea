import { type Cmdlet, checkParameters, permitParameters } from "#exchange/cmdlet";
import { getDistributionGroup, getDistributionGroupMember } from "#exchange/cmdlets/distribution-group";
import { getExoRecipient } from "#exchange/cmdlets/get-exorecipient";
import { getUser } from "#exchange/cmdlets/get-user";
import { classifyError } from "#exchange/errors/classify";
import { CmdletError } from "#powershell/calls";
import type { Connection, PowerShellSession } from "#powershell/session";
import type { ExchangeEnvironmentName } from "#runtime/configuration";
import { type Deadline, deadlineIn, earlier } from "#runtime/deadline";
import { toExchangeError } from "#runtime/errors";
import { type Attempts, createAttempts, readAgain } from "#runtime/retry";
import { summarizeIssues } from "#runtime/text";
import type { Checklist, Outcome } from "#validation/checklist";
import { type Finding, fail, pass, skip } from "#validation/finding";

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
function onlyAfterAnswers({ pauseOrThrow }: Attempts): Attempts["pauseOrThrow"] {
  return async (attempt, thrown) => {
    if (!(thrown instanceof CmdletError)) throw thrown;
    await pauseOrThrow(attempt, thrown);
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
  const rows = await readAgain({ pauseOrThrow: onlyAfterAnswers(attempts) }, () =>
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
