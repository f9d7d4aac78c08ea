import { checkParameters, permitParameters } from "#exchange/check-call";
import type { Cmdlet } from "#exchange/cmdlet";
import { getDistributionGroup } from "#exchange/cmdlets/get-distribution-group";
import { getDistributionGroupMember } from "#exchange/cmdlets/get-distribution-group-member";
import { getExoRecipient } from "#exchange/cmdlets/get-exorecipient";
import { getUser } from "#exchange/cmdlets/get-user";
import { summarizeIssues } from "#exchange/summarize-issues";
import type { Connection, PowerShellSession } from "#powershell/session";
import { type Deadline, deadlineIn, earlier } from "#runtime/deadline";
import type { Checklist, Outcome } from "#validation/checklist";
import { type Finding, fail, pass, skip } from "#validation/finding";

/** Longer than the module repeats a read by itself. */
const readLimitMs = 90_000;

type Options = { openSession: () => PowerShellSession; deadline: Deadline };
type Permitted = (name: string) => Outcome<unknown>;

/** Reads one object with each cmdlet that reads. */
export async function checkReads(
  { check }: Checklist,
  { connected, permitted }: { connected: Outcome<Connection>; permitted: Permitted },
  options: Options,
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

/** The one object that is answered, if there is any. */
async function read<Row, Parameters>(
  cmdlet: Cmdlet<Row, Parameters>,
  parameters: Parameters,
  connection: Connection,
  { openSession, deadline }: Options,
): Promise<Finding<Row | undefined>> {
  const startedAt = performance.now();
  const rows = await Array.fromAsync(
    openSession().invoke({
      cmdlet: cmdlet.name,
      parameters: permitParameters(connection, cmdlet, checkParameters(cmdlet, parameters)),
      select: cmdlet.properties,
      deadline: earlier(deadline, deadlineIn(readLimitMs)),
    }),
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
