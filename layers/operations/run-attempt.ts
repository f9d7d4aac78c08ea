import * as z from "zod";
import type { ExchangeClient } from "#exchange/client";
import { claimOperation, type Operation, type Work } from "#operations/ledger";
import {
  ack,
  type BatchAnswer,
  isLastReceive,
  type Message,
  type OperationRequest,
  retryLater,
  retryPauseMs,
  shortPauseMs,
} from "#operations/message";
import type { Attempt, OperationContext, OperationDefinition } from "#operations/operation-type";
import { beingLookedInto, endWith, noteServiceTrouble, type Reporter } from "#operations/report";
import type { ResultBody } from "#operations/result";
import { remainingMs } from "#runtime/deadline";
import { ExchangeError, toExchangeError } from "#runtime/errors";
import { createAttempts } from "#runtime/retry";
import { logger, recordMetric } from "#runtime/telemetry";

const usualLeaseAfterDeadlineMs = 30_000;
const longestAgeMs = 30 * 24 * 60 * 60 * 1000;

/** A request that one message brought, and what it works with. */
export type Received<Request extends OperationRequest, State extends Work> = {
  message: Message;
  request: Request;
  definition: OperationDefinition<Request, State>;
  context: OperationContext;
  reporter: Reporter;
};

/** Claims the request's operation and goes on with it, or says why that cannot be. */
export async function attemptOperation<Request extends OperationRequest, State extends Work>(
  received: Received<Request, State>,
): Promise<BatchAnswer> {
  const { message, request, definition, context, reporter } = received;
  const { store, queues, deadline, leaseAfterDeadlineMs = usualLeaseAfterDeadlineMs } = context;

  // Whatever happens now, S3 out of reach or the process killed: somebody has heard of what goes to the dead-letter queue.
  if (isLastReceive(message)) await reporter.send(beingLookedInto(), { final: false, attempts: 0 });
  // That it is no dry run, and of the first version, may be said or not.
  const { dryRun: _dryRun, version: _version, ...body } = request;
  const claim = await claimOperation(store, {
    operationId: request.operationId,
    action: definition.action,
    body,
    leaseUntil: new Date(deadline.at + leaseAfterDeadlineMs),
    mayBegin: Date.now() - Date.parse(request.requestedAt) <= longestAgeMs,
  });
  switch (claim.status) {
    case "finished":
      await queues.sendResult(claim.result);
      return ack;
    case "reused": {
      const error = new ExchangeError(
        "OPERATION_ID_REUSED",
        `Another request is known under the operationId ${request.operationId}. This message changed nothing, and says nothing of that one.`,
      );
      await reporter.send(endWith(error), { final: false, attempts: 0 });
      return ack;
    }
    case "unknown": {
      const error = new ExchangeError("REQUEST_EXPIRED", `It was requested at ${request.requestedAt}.`);
      await reporter.send(endWith(error), { final: true, attempts: 0 });
      return ack;
    }
    case "busy":
      await queues.hide(message, claim.until.getTime() - Date.now() + 1_000);
      return retryLater(message);
    case "claimed":
      return runAttempt(received, claim.operation);
  }
}

async function runAttempt<Request extends OperationRequest, State extends Work>(
  { message, request, definition, context, reporter }: Received<Request, State>,
  operation: Operation,
): Promise<BatchAnswer> {
  const { queues } = context;
  const { attempts } = operation;
  const { operationId } = request;
  logger.info("Attempt started", { operationId, attempts });

  const state = readState(definition, request, operation.work);
  if (state instanceof ExchangeError) {
    logger.error("Stored state of the operation could not be read", { operationId, attempts, error: state });
    await operation.release(operation.work);
    return giveBack(message, { queues, reporter, attempts, error: state });
  }
  const finish = async (body: Parameters<Reporter["describe"]>[0]) => {
    noteServiceTrouble(operationId, body);
    const result = await reporter.describe(body, { final: true, attempts });
    await operation.finish(result);
    await queues.sendResult(result);
    return ack;
  };
  let hasProgressed = false;
  const keep = async () => {
    await operation.keep(state);
    hasProgressed = true;
  };
  const attempt = { ...openAttempt({ context, reporter, state, number: attempts }), keep };
  const performed = await definition.perform(request, attempt).catch(toExchangeError);
  if (!(performed instanceof ExchangeError)) return finish(performed);
  if (performed.code === "CLAIM_LOST") throw performed;

  logger.warn("Attempt failed, operation not finished", { operationId, attempts, error: performed });
  const body = definition.onFailure(request, state, performed);
  const isOver = !performed.retryable || (isLastReceive(message) && !definition.hasProgress?.(state));
  if (isOver && !definition.isUnsettled(state)) return finish(body);
  await operation.release(state);
  const ranOutOfTime = performed.code === "DEADLINE_TOO_CLOSE" && hasProgressed;
  const { group, members, audience } = body;
  return giveBack(message, {
    ...{ queues, reporter, attempts, error: performed, known: { group, members, audience } },
    ...(ranOutOfTime ? { pauseMs: shortPauseMs() } : {}),
  });
}

/** Where an attempt goes on from; the error where another version of the gateway has written what this one cannot read. */
function readState<Request extends OperationRequest, State extends Work>(
  definition: OperationDefinition<Request, State>,
  request: Request,
  work: Work,
): State | ExchangeError {
  if (work === null) return definition.begin(request);
  const state = definition.stateSchema.safeParse(work);
  if (state.success) return state.data;
  const advice = "Deploy the version that began the operation again, or one that can go on with it.";
  const problem = z.prettifyError(state.error);
  return new ExchangeError(
    "STORAGE_CORRUPT",
    `What was kept of ${request.operationId} cannot be read. ${advice}\n${problem}`,
  );
}

type GivingBack = {
  queues: OperationContext["queues"];
  reporter: Reporter;
  attempts: number;
  /** Why the operation has not ended. */
  error: ExchangeError;
  /** How far it is. */
  known?: Partial<ResultBody>;
  pauseMs?: number;
};

/** The message comes again after a pause; after the last receive it goes to the dead-letter queue, and somebody hears of it. */
async function giveBack(
  message: Message,
  { queues, reporter, attempts, error, known, pauseMs = retryPauseMs(message) }: GivingBack,
): Promise<BatchAnswer> {
  if (isLastReceive(message)) {
    recordMetric("OperationUnsettled", 1);
    await reporter.send({ ...beingLookedInto(error), ...known }, { final: false, attempts });
  }
  await queues.hide(message, isLastReceive(message) ? 0 : pauseMs);
  return retryLater(message);
}

const usualReadBackPausesMs = [500, 1_000, 2_000, 4_000];

type Opening<State> = { context: OperationContext; reporter: Reporter; state: State; number: number };

/** An attempt that goes on from this state, for good unless it is made a rehearsal. */
export function openAttempt<State>(opening: Opening<State>): Omit<Attempt<State>, "keep"> {
  const { context, reporter, state, number } = opening;
  const { client, store, deadline, readBackPausesMs = usualReadBackPausesMs } = context;
  const tell = async (body: ResultBody) => {
    await reporter.send(body, { final: false, attempts: number }).catch((error: Error) => {
      logger.warn("Notice could not be sent", { error });
    });
  };
  return {
    client: repeatReads(client, readBackPausesMs),
    ...{ store, deadline, readBackPausesMs, state, number, isDryRun: false, tell },
  };
}

/** A read needs so much time to be worth another try, its pause included. */
const neededMs = 30_000;

/**
 * Reads by the module's own cmdlets are tried again where nothing of them has come: the module does not. Those that Exchange
 * serves repeat by themselves.
 */
function repeatReads(client: ExchangeClient, pausesMs: readonly number[]): ExchangeClient {
  const attempts = createAttempts(pausesMs, new AbortController().signal);
  return {
    start: () => client.start(),
    write: (...call) => client.write(...call),
    close: () => client.close(),
    get connection() {
      return client.connection;
    },
    async *read(cmdlet, parameters, options) {
      for (let attempt = 0; ; attempt += 1) {
        let hasAnswered = false;
        try {
          for await (const row of client.read(cmdlet, parameters, options)) {
            hasAnswered = true;
            yield row;
          }
          return;
        } catch (error) {
          const isWorthwhile = cmdlet.home === "module" && !hasAnswered && remainingMs(options.deadline) > neededMs;
          if (!isWorthwhile) throw error;
          await attempts.backoff(attempt, error);
        }
      }
    },
  };
}
