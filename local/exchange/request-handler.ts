import { randomUUID } from "node:crypto";
import type { ServerResponse } from "node:http";
import { setTimeout } from "node:timers/promises";
import { inspect } from "node:util";
import { type AdminRequest, answerAdminApi, readAdminRequest } from "#local/exchange/admin-api/admin-api";
import { signInHostsOf } from "#local/exchange/environments";
import type { Call, Exchange } from "#local/exchange/exchange";
import { breakOff, faultAnswer } from "#local/exchange/fault-answers";
import type { Scope } from "#local/exchange/fault-kinds";
import type { FaultSwitches } from "#local/exchange/fault-switches";
import type { HandleRequest } from "#local/exchange/hosts";
import { type Answer, sendAnswer } from "#local/exchange/http-answer";
import { type HttpRequest, readRequest } from "#local/exchange/http-request";
import { addToLog, type LoggedRequest } from "#local/exchange/request-log";
import { answerSignIn } from "#local/exchange/sign-in/sign-in";
import { printError } from "#local/print/print";

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
