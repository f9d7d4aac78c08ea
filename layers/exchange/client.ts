import { callSignedIn, countRefusal, createAttempt, watchTruncation } from "#exchange/call";
import {
  type Access,
  type AnswerRow,
  type CallValue,
  type Cmdlet,
  checkParameters,
  permitParameters,
} from "#exchange/cmdlet";
import { type Connected, requiresReconnect } from "#exchange/credential/credential-source";
import { SessionManager, type SessionManagerOptions } from "#exchange/session/session-manager";
import type { Connection } from "#powershell/session";
import { type Deadline, remainingMs, withinDeadline } from "#runtime/deadline";
import { ExchangeError } from "#runtime/errors";
import { summarizeIssues } from "#runtime/text";

type CallOptions = {
  deadline: Deadline;
  /** Called with each warning, where the cmdlet shows any. */
  onWarning?: (text: string) => void;
};

export type ReadOptions = CallOptions;

/** A row as its cmdlet describes it, or what is said of one that is not so: its id, and the reason without any value. */
export type ParsedRow<Row> = { ok: true; row: Row } | { ok: false; id: string | undefined; reason: string };

/** The way to Exchange Online: one session, whatever it is made of, connected by the first call that needs it. */
export type ExchangeClient = {
  /** Begins what takes long before the first call comes. */
  start(): void;
  /**
   * Reads with a cmdlet, streaming. Reads of one client come one after another, so one inside the loop of another waits
   * until its deadline. A read is not repeated once it has given a row; one that fails then has to be read from its start.
   */
  read<Row, Parameters>(
    cmdlet: Cmdlet<Row, Parameters>,
    parameters: Parameters,
    options: ReadOptions,
  ): AsyncGenerator<ParsedRow<Row>, void>;
  /**
   * Changes something, once, and answers the rows Exchange gives for it. Where it fails and nothing was done for certain,
   * the error's code says why; else it is `OUTCOME_UNKNOWN`, whose cause says more: look at what is there.
   */
  write<Row, Parameters>(
    cmdlet: Cmdlet<Row, Parameters, "write">,
    parameters: Parameters,
    options: CallOptions,
  ): Promise<ParsedRow<Row>[]>;
  /** What the last call was connected to; undefined before the first and after one that lost it. */
  readonly connection: Connection | undefined;
  /** Ends the session for good. */
  close(): Promise<void>;
};

/** What only reads needs of a client. */
export type ExchangeReader = Pick<ExchangeClient, "read">;

/**
 * A client of one tenant's Exchange Online. Nothing runs before `start` or the first read.
 *
 * @example
 * const client = createExchangeClient({ powershellPath: "pwsh", modulePath: null, environmentName: "O365Default", readCredential });
 * for await (const parsed of client.read(getUser, { ResultSize: "Unlimited" }, { deadline })) …
 */
export function createExchangeClient(options: SessionManagerOptions): ExchangeClient {
  const { environmentName } = options;
  const keeper = new SessionManager(options);
  const acquire = createMutex();

  async function* call<Row, Parameters>(
    cmdlet: Cmdlet<Row, Parameters, Access>,
    parameters: Parameters,
    options: CallOptions,
  ): AsyncGenerator<ParsedRow<Row>, void> {
    const { deadline } = options;
    const values = checkParameters(cmdlet, parameters);
    const giveBack = await acquire(deadline);
    try {
      requireTime(deadline);
      const connect = () => keeper.connect(deadline);
      yield* callSignedIn(connect, (connected) => send(connected, cmdlet, values, options));
    } catch (error) {
      countRefusal(error);
      throw error;
    } finally {
      keeper.recycleIfNeeded();
      giveBack();
    }
  }

  async function* send<Row, Parameters>(
    { session, connection }: Connected,
    cmdlet: Cmdlet<Row, Parameters, Access>,
    values: Record<string, CallValue>,
    { deadline, onWarning }: CallOptions,
  ): AsyncGenerator<ParsedRow<Row>, void> {
    const attempt = createAttempt(cmdlet, environmentName);
    try {
      const sent = permitParameters(connection, cmdlet, values);
      const watch = watchTruncation(onWarning);
      const request = { cmdlet: cmdlet.name, parameters: sent, select: cmdlet.properties, deadline };
      const rows = session.invoke({ ...request, onWarning: watch.onWarning, onSent: attempt.noteSent });
      for await (const row of rows) yield parseRow(cmdlet, row);
      if (cmdlet.access === "read" && typeof values.ResultSize !== "number") watch.refuseTruncated(cmdlet.name);
    } catch (thrown) {
      const error = attempt.explain(thrown);
      if (requiresReconnect(error)) keeper.retireSignIn();
      throw error;
    }
  }

  return {
    start: () => void keeper.start(),
    read: call,
    write: (cmdlet, parameters, options) => Array.fromAsync(call(cmdlet, parameters, options)),
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

function parseRow<Row, Parameters>(cmdlet: Cmdlet<Row, Parameters, Access>, row: AnswerRow): ParsedRow<Row> {
  const parsed = cmdlet.row.safeParse(row);
  if (parsed.success) return { ok: true, row: parsed.data };
  return { ok: false, id: cmdlet.rowId(row), reason: summarizeIssues(parsed.error) };
}

/**
 * Lets calls have something to themselves, one after another. `take` waits until every earlier one has been given back,
 * or throws `DEADLINE_TOO_CLOSE`; it answers with what gives the turn back.
 */
function createMutex() {
  let last = Promise.resolve();

  return async function take(deadline: Deadline): Promise<() => void> {
    const { promise, resolve: giveBack } = Promise.withResolvers<void>();
    const before = last;
    last = before.then(() => promise);
    try {
      await withinDeadline(before, deadline, "an earlier call of the same session to end");
    } catch (error) {
      giveBack();
      throw error;
    }
    return giveBack;
  };
}
