import type * as z from "zod";
import type { ExchangeClient } from "#exchange/client";
import type { Work } from "#operations/ledger";
import type { OperationRequest } from "#operations/message";
import type { Queues } from "#operations/queues";
import type { Action, ResultBody } from "#operations/result";
import type { Deadline } from "#runtime/deadline";
import type { ExchangeError } from "#runtime/errors";
import type { ObjectStore } from "#storage/object-store";

/** One attempt at one request. */
export type Attempt<State> = {
  client: ExchangeClient;
  store: ObjectStore;
  deadline: Deadline;
  isDryRun: boolean;
  /** Counted from 1; no other attempt at the operation has the same. */
  number: number;
  /** What is intended and what came of it. Changed in place as the attempt goes on. */
  state: State;
  /** Writes the state down. Before each change what is intended has to be. Throws `CLAIM_LOST`. */
  keep(): Promise<void>;
  /** Says how far things are, by a result that is not final. Trouble with that is logged. */
  tell(body: ResultBody): Promise<void>;
  /** How long to wait between looks at what was changed, and between tries of a read, in milliseconds. */
  readBackPausesMs: readonly number[];
};

/** One kind of operation. */
export type OperationDefinition<Request extends OperationRequest, State extends Work> = {
  action: Action;
  requestSchema: z.ZodType<Request>;
  stateSchema: z.ZodType<State>;
  begin(request: Request): State;
  /** Goes on from the state, and answers how the operation ended. Throws where it has not. */
  perform(request: Request, attempt: Attempt<State>): Promise<ResultBody>;
  /** Whether something may have been done of which there is no evidence. */
  isUnsettled(state: State): boolean;
  /**
   * Whether so much is done that after trouble which may pass even the last receive is not the end: the message goes to the
   * dead-letter queue, and once it is sent from there the operation goes on. Never, where an operation does not say.
   */
  hasProgress?(state: State): boolean;
  /** How an operation stands or ends that does not go on because of this error. */
  onFailure(request: Request, state: State, error: ExchangeError): ResultBody;
};

/** What an attempt works with. */
export type OperationContext = {
  client: ExchangeClient;
  store: ObjectStore;
  queues: Queues;
  tenant: string | null;
  deadline: Deadline;
  /** How long to wait between looks at what was changed. */
  readBackPausesMs?: readonly number[];
  /** How long after the deadline nobody else shall begin: a function may still be ending. */
  leaseAfterDeadlineMs?: number;
};
