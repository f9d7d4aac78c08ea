import { z } from "zod";
import { claimOperation, type Operation, type Work } from "#changes/ledger";
import { type BatchAnswer, isLastReceive, type Message } from "#changes/message";
import { type Queues, toMessageText } from "#changes/queues";
import { type ChangeRequest, operationIdSchema } from "#changes/request";
import type { Ending, Result } from "#changes/result";
import type { Attempt, Skill } from "#changes/skill";
import type { ExchangeClient } from "#exchange/client";
import type { Deadline } from "#runtime/deadline";
import type { ErrorCode } from "#runtime/error-codes";
import { ExchangeError, toExchangeError } from "#runtime/exchange-error";
import { logger } from "#runtime/logger";
import type { ObjectStore } from "#runtime/object-store";

export type Surroundings = {
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

const usualReadBackPausesMs = [500, 1_000, 2_000, 4_000];
const usualLeaseAfterDeadlineMs = 30_000;
const longestAgeMs = 30 * 24 * 60 * 60 * 1000;
const firstRetryMs = 5_000;
const retryFactor = 5;

/**
 * Carries out the request of one message, once, however often it comes: claims its operation, lets the skill go on from what
 * was kept, stores the result, sends it. Whoever calls deletes the message unless the answer names it.
 */
export async function handleMessage<Request extends ChangeRequest, State extends Work>(
  message: Message,
  skill: Skill<Request, State>,
  surroundings: Surroundings,
): Promise<BatchAnswer> {
  const parsed = parseRequest(message.body, skill);
  if ("problem" in parsed) {
    logger.error("A request was not understood", { messageId: message.messageId, problem: parsed.problem });
    const ending = endWith("rejected", new ExchangeError("EVENT_INVALID", parsed.problem));
    await send(describeResult(skill, surroundings, parsed, { ending, final: true, attempts: 0 }), surroundings);
    return done;
  }
  if (parsed.request.dryRun) return rehearse(message, parsed.request, skill, surroundings);
  return attemptOperation(message, parsed.request, skill, surroundings);
}

const done: BatchAnswer = { batchItemFailures: [] };

function again({ messageId }: Message): BatchAnswer {
  return { batchItemFailures: [{ itemIdentifier: messageId }] };
}

type Told = { operationId: string | null; requestedAt: string | null; requestedBy: string | null; dryRun: boolean };
type Parsed<Request> = { request: Request } | (Told & { problem: string });

const toldSchema = z.looseObject({
  operationId: operationIdSchema.nullable().catch(null),
  requestedAt: z.string().nullable().catch(null),
  requestedBy: z.string().nullable().catch(null),
  dryRun: z.boolean().catch(false),
});

function parseRequest<Request extends ChangeRequest, State extends Work>(
  body: string,
  { requestSchema }: Skill<Request, State>,
): Parsed<Request> {
  let json: unknown;
  try {
    json = JSON.parse(body);
  } catch (error) {
    return { ...toldSchema.parse({}), problem: `The message is no JSON: ${(error as Error).message}` };
  }
  const request = requestSchema.safeParse(json);
  if (request.success) return { request: request.data };
  const told = toldSchema.safeParse(json);
  return { ...(told.success ? told.data : toldSchema.parse({})), problem: z.prettifyError(request.error) };
}

async function attemptOperation<Request extends ChangeRequest, State extends Work>(
  message: Message,
  request: Request,
  skill: Skill<Request, State>,
  surroundings: Surroundings,
): Promise<BatchAnswer> {
  const { store, queues, deadline, leaseAfterDeadlineMs = usualLeaseAfterDeadlineMs } = surroundings;
  const tell = (ending: Ending, more: { final: boolean; attempts: number }) =>
    describeResult(skill, surroundings, toTold(request), { ending, ...more });

  // Whatever happens now, S3 out of reach or the process killed: somebody has heard of what goes to the dead-letter queue.
  if (isLastReceive(message)) await send(tell(beingLookedInto(), { final: false, attempts: 0 }), surroundings);
  const claim = await claimOperation(store, {
    operationId: request.operationId,
    action: skill.action,
    body: request,
    leaseUntil: new Date(deadline.at + leaseAfterDeadlineMs),
    mayBegin: Date.now() - Date.parse(request.requestedAt) <= longestAgeMs,
  });
  switch (claim.status) {
    case "finished":
      await queues.sendResult(claim.result);
      return done;
    case "reused": {
      const error = new ExchangeError(
        "OPERATION_ID_REUSED",
        `Another request is known under the operationId ${request.operationId}. This message changed nothing, and says nothing of that one.`,
      );
      await send(tell(endWith("rejected", error), { final: false, attempts: 0 }), surroundings);
      return done;
    }
    case "unknown": {
      const error = new ExchangeError("REQUEST_EXPIRED", `It was requested at ${request.requestedAt}.`);
      await send(tell(endWith("rejected", error), { final: true, attempts: 0 }), surroundings);
      return done;
    }
    case "busy":
      await queues.hide(message, claim.until.getTime() - Date.now() + 1_000);
      return again(message);
    case "claimed":
      return goOn(message, request, skill, claim.operation, surroundings);
  }
}

async function goOn<Request extends ChangeRequest, State extends Work>(
  message: Message,
  request: Request,
  skill: Skill<Request, State>,
  operation: Operation,
  surroundings: Surroundings,
): Promise<BatchAnswer> {
  const { queues } = surroundings;
  const { attempts } = operation;
  const tell = (ending: Ending, final: boolean) =>
    toMessageText(describeResult(skill, surroundings, toTold(request), { ending, final, attempts }));
  logger.info("attempt", { operationId: request.operationId, requestedBy: request.requestedBy, attempts });
  const state = operation.work === null ? skill.begin(request) : skill.stateSchema.parse(operation.work);
  const finish = async (ending: Ending) => {
    const result = tell(ending, true);
    await operation.finish(result);
    await queues.sendResult(result);
    return done;
  };
  const attempt = { ...openAttempt(surroundings, state), keep: () => operation.keep(state) };
  const performed = await skill.perform(request, attempt).catch(toExchangeError);
  if (!(performed instanceof ExchangeError)) return finish(performed);
  if (performed.code === "CLAIM_LOST") throw performed;

  logger.warn("An attempt did not end the operation", { operationId: request.operationId, attempts, error: performed });
  const isUnsettled = skill.isUnsettled(state);
  const ending = skill.giveUp(request, state, performed);
  if (!isUnsettled && (isLastReceive(message) || !performed.retryable)) return finish(ending);
  await operation.release(state);
  if (isLastReceive(message)) {
    const { group, members } = ending;
    await queues.sendResult(tell({ ...beingLookedInto(performed), group, members }, false));
    await queues.hide(message, 0);
  } else await queues.hide(message, retryPauseMs(message));
  return again(message);
}

/** Resolves and checks everything. Claims nothing, so that the request can be made for good under the same id. */
async function rehearse<Request extends ChangeRequest, State extends Work>(
  message: Message,
  request: Request,
  skill: Skill<Request, State>,
  surroundings: Surroundings,
): Promise<BatchAnswer> {
  const state = skill.begin(request);
  const ending = await skill
    .perform(request, { ...openAttempt(surroundings, state), isDryRun: true, keep: async () => {} })
    .catch((thrown) => {
      const error = toExchangeError(thrown);
      if (error.retryable && !isLastReceive(message)) return undefined;
      return skill.giveUp(request, state, error);
    });
  if (ending === undefined) {
    await surroundings.queues.hide(message, retryPauseMs(message));
    return again(message);
  }
  await send(describeResult(skill, surroundings, toTold(request), { ending, final: true, attempts: 1 }), surroundings);
  return done;
}

function openAttempt<State>(
  { client, deadline, readBackPausesMs = usualReadBackPausesMs }: Surroundings,
  state: State,
): Omit<Attempt<State>, "keep"> {
  return { client, deadline, readBackPausesMs, state, isDryRun: false };
}

function toTold({ operationId, requestedAt, requestedBy, dryRun = false }: ChangeRequest): Told {
  return { operationId, requestedAt, requestedBy, dryRun };
}

function describeResult<Request extends ChangeRequest, State extends Work>(
  { action }: Skill<Request, State>,
  { tenant }: Surroundings,
  { operationId, requestedAt, requestedBy, dryRun }: Told,
  { ending, final, attempts }: { ending: Ending; final: boolean; attempts: number },
): Result {
  return {
    operationId,
    tenant,
    action,
    final,
    dryRun,
    ...ending,
    attempts,
    requestedAt,
    requestedBy,
    endedAt: new Date().toISOString(),
  };
}

function endWith(outcome: Ending["outcome"], { code, message, userMessage }: ExchangeError): Ending {
  return { outcome, error: { code, message }, userMessage, group: null, members: [], candidates: [] };
}

/** What is said of an operation whose message goes to the dead-letter queue unless it ends after all. */
function beingLookedInto(error?: ExchangeError): Ending {
  const code: ErrorCode = error?.code ?? "OUTCOME_UNKNOWN";
  const message = error?.message ?? "This is the last attempt. The message goes to the dead-letter queue if it fails.";
  const { userMessage } = new ExchangeError("OUTCOME_UNKNOWN", message);
  return { outcome: "pending", error: { code, message }, userMessage, group: null, members: [], candidates: [] };
}

async function send(result: Result, { queues }: Surroundings): Promise<void> {
  await queues.sendResult(toMessageText(result));
}

/** Up to 5 s, 25 s, 2 min, 10 min; not at the same moment for all that met the same trouble. */
function retryPauseMs({ attributes }: Message): number {
  const pauseMs = firstRetryMs * retryFactor ** (attributes.ApproximateReceiveCount - 1);
  return pauseMs * (0.5 + Math.random() / 2);
}
