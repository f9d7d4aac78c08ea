import type * as z from "zod";
import type { ExchangeClient } from "#exchange/client";
import type { Work } from "#operations/ledger";
import type { OperationRequest } from "#operations/request";
import type { Action, Ending } from "#operations/result";
import type { Surroundings } from "#operations/surroundings";
import type { Deadline } from "#runtime/deadline";
import type { ExchangeError } from "#runtime/exchange-error";

/** One attempt at one request. */
export type Attempt<State> = {
  client: ExchangeClient;
  deadline: Deadline;
  isDryRun: boolean;
  /** What is intended and what came of it. Changed in place as the attempt goes on. */
  state: State;
  /** Writes the state down. Before each change what is intended has to be. Throws `CLAIM_LOST`. */
  keep(): Promise<void>;
  /** How long to wait between looks at what was changed, in milliseconds. */
  readBackPausesMs: readonly number[];
};

const usualReadBackPausesMs = [500, 1_000, 2_000, 4_000];

/** An attempt that goes on from this state, for good unless it is made a rehearsal. */
export function openAttempt<State>(
  { client, deadline, readBackPausesMs = usualReadBackPausesMs }: Surroundings,
  state: State,
): Omit<Attempt<State>, "keep"> {
  return { client, deadline, readBackPausesMs, state, isDryRun: false };
}

/** One kind of operation. */
export type Skill<Request extends OperationRequest, State extends Work> = {
  action: Action;
  requestSchema: z.ZodType<Request>;
  stateSchema: z.ZodType<State>;
  begin(request: Request): State;
  /** Goes on from the state, and answers how the operation ended. Throws where it has not. */
  perform(request: Request, attempt: Attempt<State>): Promise<Ending>;
  /** Whether something may have been done of which there is no evidence. */
  isUnsettled(state: State): boolean;
  /** How an operation stands or ends that does not go on because of this error. */
  giveUp(request: Request, state: State, error: ExchangeError): Ending;
};
