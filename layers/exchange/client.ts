import { checkParameters, permitParameters } from "#exchange/check-call";
import { classifyError } from "#exchange/classify-error";
import type { AnswerRow, Cmdlet } from "#exchange/cmdlet";
import { SessionKeeper, type SessionKeeperOptions } from "#exchange/session-keeper";
import { summarizeIssues } from "#exchange/summarize-issues";
import { watchTruncation } from "#exchange/truncation";
import { createTurns } from "#exchange/turns";
import { CmdletError } from "#powershell/cmdlet-error";
import type { Connection } from "#powershell/session";
import { type Deadline, remainingMs } from "#runtime/deadline";
import type { ErrorCode } from "#runtime/error-codes";
import { ExchangeError } from "#runtime/exchange-error";

export type ReadOptions = {
  deadline: Deadline;
  /** Called with each warning, where the cmdlet shows any. */
  onWarning?: (text: string) => void;
};

/** A row as its cmdlet describes it, or what is said of one that is not so: its id, and the reason without any value. */
export type ParsedRow<Row> = { ok: true; row: Row } | { ok: false; id: string | undefined; reason: string };

/** The way to Exchange Online: one session, whatever it is made of, connected by the first call that needs it. */
export type ExchangeClient = {
  /** Begins what takes long before the first call comes. */
  start(): void;
  /**
   * Reads with a cmdlet, streaming. Reads of one client come one after another, so one inside the loop of another waits
   * until its deadline. A read is not repeated; one that fails after some rows has to be read from its start.
   */
  read<Row, Parameters>(
    cmdlet: Cmdlet<Row, Parameters>,
    parameters: Parameters,
    options: ReadOptions,
  ): AsyncGenerator<ParsedRow<Row>, void>;
  /** What the last call was connected to; undefined before the first and after one that lost it. */
  readonly connection: Connection | undefined;
  /** Ends the session for good. */
  close(): Promise<void>;
};

/** Answers after which a session signs in again, because its token or its rights are not what they should be. */
const signInLost: ReadonlySet<ErrorCode> = new Set([
  "NOT_CONNECTED",
  "CERTIFICATE_NOT_REGISTERED",
  "CERTIFICATE_EXPIRED",
  "APP_NOT_FOUND",
  "TENANT_NOT_FOUND",
  "RESOURCE_NOT_FOUND",
  "CLOCK_WRONG",
  "APP_ROLE_MISSING",
  "DIRECTORY_ROLE_MISSING",
  "SIGN_IN_REFUSED",
  "SIGN_IN_FAILED",
  "COMMAND_NOT_PERMITTED",
  "PARAMETER_NOT_PERMITTED",
]);

/**
 * A client of one tenant's Exchange Online. Nothing runs before `start` or the first read.
 *
 * @example
 * const client = createExchangeClient({ powershellPath: "pwsh", modulePath: null, environmentName: "O365Default", readCredential });
 * for await (const parsed of client.read(getUser, { ResultSize: "Unlimited" }, { deadline })) …
 */
export function createExchangeClient(options: SessionKeeperOptions): ExchangeClient {
  const keeper = new SessionKeeper(options);
  const takeTurn = createTurns();

  async function* read<Row, Parameters>(
    cmdlet: Cmdlet<Row, Parameters>,
    parameters: Parameters,
    { deadline, onWarning }: ReadOptions,
  ): AsyncGenerator<ParsedRow<Row>, void> {
    const values = checkParameters(cmdlet, parameters);
    const giveBack = await takeTurn(deadline);
    try {
      requireTime(deadline);
      const { session, connection } = await keeper.connect(deadline);
      const sent = permitParameters(connection, cmdlet, values);
      const watch = watchTruncation(onWarning);
      const call = { cmdlet: cmdlet.name, parameters: sent, select: cmdlet.properties, deadline };
      for await (const row of session.invoke({ ...call, onWarning: watch.onWarning })) yield parseRow(cmdlet, row);
      if (typeof values.ResultSize !== "number") watch.refuseTruncated(cmdlet.name);
    } catch (thrown) {
      const error =
        thrown instanceof CmdletError ? classifyError(thrown, { cmdlet: cmdlet.name, access: "read" }) : thrown;
      if (error instanceof ExchangeError && signInLost.has(error.code)) keeper.retireSignIn();
      throw error;
    } finally {
      keeper.retireIfWorn();
      giveBack();
    }
  }

  return {
    start: () => void keeper.start(),
    read,
    get connection() {
      return keeper.connection;
    },
    close: () => keeper.close(),
  };
}

function requireTime(deadline: Deadline): void {
  if (remainingMs(deadline) > 0) return;
  throw new ExchangeError("DEADLINE_TOO_CLOSE", "No time was left for the call. Nothing was sent.");
}

function parseRow<Row, Parameters>(cmdlet: Cmdlet<Row, Parameters>, row: AnswerRow): ParsedRow<Row> {
  const parsed = cmdlet.row.safeParse(row);
  if (parsed.success) return { ok: true, row: parsed.data };
  return { ok: false, id: cmdlet.rowId(row), reason: summarizeIssues(parsed.error) };
}
