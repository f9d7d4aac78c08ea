import { randomUUID } from "node:crypto";
import type { ServerResponse } from "node:http";
import { setTimeout } from "node:timers/promises";
import { inspect } from "node:util";
import { type AdminRequest, answerAdminApi, readAdminRequest } from "#local/exchange/admin-api/admin-api";
import {
  directoryWriteError,
  nulBytes,
  outsideWriteScope,
  plainError,
  transientError,
} from "#local/exchange/admin-api/error-answers";
import type { JsonValue } from "#local/exchange/answer/json-answer";
import type { Call, Exchange } from "#local/exchange/exchange";
import type { FaultSwitches } from "#local/exchange/fault-switches";
import type { Fault, FaultName, Scope } from "#local/exchange/faults";
import { type HandleRequest, signInHostsOf } from "#local/exchange/hosts";
import { type Answer, type HttpRequest, readRequest, sendAnswer } from "#local/exchange/http";
import { answerSignIn } from "#local/exchange/sign-in/sign-in";
import { printError } from "#local/print";

type HandlerOptions = {
  exchange: Exchange;
  faults: FaultSwitches;
  requests: LoggedRequest[];
  delayMs: number;
  beforeAnswer: (request: LoggedRequest) => Promise<void> | void;
};

/** Takes every request of every host: logs it, meets it with faults, answers it. Never rejects. */
export function createRequestHandler(options: HandlerOptions): HandleRequest {
  return async (host, incoming, response, reset) => {
    try {
      const request = await readRequest(host, incoming);
      if (request) await handle(options, request, response, reset);
      else response.writeHead(413, { Connection: "close" }).end();
    } catch (error) {
      // A client that went away is no error of the server; whatever else it is has to be seen.
      if (!incoming.errored) printError(inspect(error));
      if (response.headersSent) response.destroy();
      else response.writeHead(500, { Connection: "close" }).end();
    }
  };
}

async function handle(options: HandlerOptions, request: HttpRequest, response: ServerResponse, reset: () => void) {
  const { exchange, requests, delayMs, beforeAnswer } = options;
  const isSignIn = signInHostsOf(exchange.environment).includes(request.host);
  const asked = isSignIn ? undefined : readAdminRequest(request);
  const { method, host, path } = request;
  const entry = addToLog(requests, { method, host, path, cmdlet: asked?.cmdlet, parameters: asked?.parameters ?? {} });
  const scopes = isSignIn ? signInScopes(path) : exchangeScopes(asked);
  const faults = options.faults.meet({ host, path, cmdlet: asked?.cmdlet, scopes });
  const nowMs = Date.now() + (faults.valueOf("clock") ?? 0) * 1000;
  const call: Call = { request, exchange, faults, nowMs };

  const waitMs = delayMs + (faults.valueOf("slow") ?? 0);
  if (waitMs > 0) await setTimeout(waitMs);
  await beforeAnswer(entry);
  const outcome = decide(call, () => (isSignIn ? answerSignIn(call) : answerAdminApi(call, asked)));
  if (outcome === "reset") reset();
  if (outcome === "reset" || outcome === "hang") return;
  entry.status = outcome.status;
  const headers = isSignIn ? {} : exchangeHeaders(exchange);
  await sendAnswer(response, request, { ...outcome, headers: { ...headers, ...outcome.headers } }, nowMs);
}

/** What becomes of a request: the true answer, a fault's in its place, or none. */
function decide(call: Call, answerTruly: () => Answer): Answer | "hang" | "reset" {
  const { faults } = call;
  const instead = faults.find("hang") ? "hang" : faults.find("reset") ? "reset" : faultAnswer(call);
  if (instead === undefined) {
    const answer = answerTruly();
    return faults.find("malformed") ? breakOff(answer) : answer;
  }
  if (faults.all.some(({ isCarriedOut }) => isCarriedOut)) answerTruly();
  return instead;
}

function exchangeHeaders({ tenant }: Exchange): Record<string, string> {
  return { "request-id": randomUUID(), "X-CalculatedBETarget": tenant.serverName.toLowerCase() };
}

function signInScopes(path: string): readonly Scope[] {
  return path.toLowerCase().endsWith("/token") ? ["all", "token"] : ["all"];
}

function exchangeScopes(asked: AdminRequest | undefined): readonly Scope[] {
  return asked?.isCall ? ["all", "exchange", "calls"] : ["all", "exchange"];
}

/** A long-lived server forgets the oldest requests above this number. */
const maximumEntries = 100_000;

/** What was asked, without headers, tokens or assertions. */
export type LoggedRequest = {
  readonly at: Date;
  readonly method: string;
  readonly host: string;
  /** Without the query. */
  readonly path: string;
  /** The cmdlet that was called; Get-EXORecipient for Recipient. */
  readonly cmdlet: string | undefined;
  /** The cmdlet's parameters, or the options of the query. */
  readonly parameters: Readonly<Record<string, JsonValue>>;
  /** Undefined as long as no answer was sent. */
  status: number | undefined;
};

/** Adds an entry as soon as the request is there, so that one that is never answered is seen too. */
function addToLog(log: LoggedRequest[], entry: Omit<LoggedRequest, "at" | "status">): LoggedRequest {
  const logged: LoggedRequest = { at: new Date(), ...entry, status: undefined };
  log.push(logged);
  if (log.length > maximumEntries) log.splice(0, log.length - maximumEntries);
  return logged;
}

const throttled = "You have reached the maximum number of concurrent requests per tenant. Please wait and try again.";

/** What a fault puts in the place of an answer; the faults that are not here change answers, or how they are made. */
const answers: Partial<Record<FaultName, (fault: Fault, call: Call) => Answer>> = {
  throttle: ({ value }) => {
    const answer = plainError(429, "TooManyRequests", throttled);
    return value === undefined ? answer : { ...answer, headers: { ...answer.headers, "Retry-After": String(value) } };
  },
  unavailable: () => plainError(503, "ServiceUnavailable", "The service is unavailable."),
  "gateway-timeout": () => plainError(504, "GatewayTimeout", "The gateway did not receive a response in time."),
  transient: ({ value }, { exchange }) =>
    transientError(String(value ?? "ADTransientException"), exchange.tenant.serverName),
  "directory-write": ({ value }) => directoryWriteError(value === undefined ? undefined : String(value)),
  "write-scope": (_, { exchange }) => outsideWriteScope(exchange.tenant.address.organizationalUnitDn),
  "not-found": () => plainError(404, "NotFound", "The resource could not be found."),
  "empty-error": ({ value }) => ({ status: Number(value ?? 500), headers: {}, body: "" }),
  "nul-403": nulBytes,
};

/** The answer of the first fault that has one of its own; undefined where none has. */
function faultAnswer(call: Call): Answer | undefined {
  const fault = call.faults.all.find(({ name }) => answers[name] !== undefined);
  return fault && answers[fault.name]?.(fault, call);
}

/** An answer whose second half is missing. */
function breakOff(answer: Answer): Answer {
  return { ...answer, body: answer.body.slice(0, Math.floor(answer.body.length / 2)) };
}
