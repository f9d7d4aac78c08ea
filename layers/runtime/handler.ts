import { homedir, tmpdir } from "node:os";
import process from "node:process";
import middy, { type MiddlewareObj } from "@middy/core";
import type { Context } from "aws-lambda";
import * as z from "zod";
import type { Deadline } from "#runtime/deadline";
import { ExchangeError, toExchangeError } from "#runtime/errors";
import { hashAddresses, logger, publishMetrics } from "#runtime/telemetry";

/** Time kept back from Lambda's own limit, so that a function can still say what went wrong. */
const reserveMs = 5_000;

type Invocation = { deadline: Deadline };

type HandlerOptions<Answer> = {
  /** What of an answer is written to the log: all of it unless this says otherwise. */
  toLog?: (answer: Answer) => object;
};

/**
 * A Lambda handler: checks the event by `schema`, which it carries as `eventSchema`, logs start and end, publishes metrics,
 * and lets every failure out as an ExchangeError, whose code is what the console shows as the error's type.
 *
 * @example
 * export const handler = createHandler(z.strictObject({ group: z.string() }), async ({ group }, { deadline }) => …);
 */
export function createHandler<Event, Answer extends object>(
  schema: z.ZodType<Event>,
  run: (event: Event, invocation: Invocation) => Promise<Answer>,
  { toLog = (answer) => answer }: HandlerOptions<Answer> = {},
) {
  ensureHome();
  const handler = middy<unknown, Answer, Error, Context>({ timeoutEarlyResponse: failAtTheEnd })
    .use(logInvocation(toLog))
    .use(parseEvent(schema))
    .handler((event, context) => run(event as Event, { deadline: invocationDeadline(context) }));
  return Object.assign(handler, { eventSchema: schema });
}

/** What is left to say when a function has not ended in the time that was kept back for that. */
function failAtTheEnd(): never {
  const message = "Lambda's time limit was reached before the function could end what it was doing. Give it more time.";
  throw new ExchangeError("DEADLINE_TOO_CLOSE", message);
}

function invocationDeadline(context: Context): Deadline {
  return { at: Date.now() + Math.max(0, context.getRemainingTimeInMillis() - reserveMs) };
}

function parseEvent<Event>(schema: z.ZodType<Event>): MiddlewareObj<unknown, unknown, Error, Context> {
  return {
    before: (request) => {
      const parsed = schema.safeParse(request.event ?? {});
      if (!parsed.success) {
        throw new ExchangeError("EVENT_INVALID", `The event is not right:\n${z.prettifyError(parsed.error)}`);
      }
      request.event = parsed.data;
    },
  };
}

function logInvocation<Answer>(toLog: (answer: Answer) => object): MiddlewareObj<unknown, Answer, Error, Context> {
  return {
    before: (request) => {
      logger.addContext(request.context);
      logger.info("Invocation started");
    },
    after: (request) => {
      logger.info("Invocation ended", { answer: request.response && toLog(request.response) });
      publishMetrics();
    },
    onError: (request) => {
      const error = toExchangeError(request.error);
      request.error = asLambdaLogsIt(error);
      logger.error("Invocation failed", { code: error.code, retryable: error.retryable, error });
      publishMetrics();
    },
  };
}

/** Lambda writes all that an error holds to the log by itself. */
function asLambdaLogsIt({ code, advice: { what, fix }, retryable, userMessage, stack }: ExchangeError): ExchangeError {
  const said = { what: hashAddresses(what), ...(fix === undefined ? {} : { fix: hashAddresses(fix) }) };
  const error = new ExchangeError(code, said, { retryable, userMessage: hashAddresses(userMessage) });
  if (stack !== undefined) error.stack = hashAddresses(stack);
  return error;
}

/** Gives this process a home where its user has none: the AWS SDK looks for its files there, and fails where it cannot ask. */
function ensureHome(): void {
  try {
    homedir();
  } catch {
    process.env.HOME = tmpdir();
  }
}
