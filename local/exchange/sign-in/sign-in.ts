import { randomUUID } from "node:crypto";
import { type Call, isTenantName } from "#local/exchange/exchange";
import { type Answer, textAnswer } from "#local/exchange/http-answer";
import { headerOf } from "#local/exchange/http-request";
import { answerInstanceDiscovery, answerKeys, answerOpenIdConfiguration } from "#local/exchange/sign-in/discovery";
import { isGuid, isTenantIdentifier } from "#local/exchange/sign-in/identifiers";
import { refusalAnswer, SignInRefusal } from "#local/exchange/sign-in/refusal";
import { tenantIdentifierInvalid, tenantNotFound } from "#local/exchange/sign-in/refusals";
import { answerToken } from "#local/exchange/sign-in/token";

type Route = { pattern: RegExp; answer(call: Call, organization: string): Answer };

/** Behind `/{organization}`, where that is the tenant or, for the documents, `common`. */
const documents: readonly Route[] = [
  { pattern: /^(?:v2\.0\/)?\.well-known\/openid-configuration$/i, answer: answerOpenIdConfiguration },
  { pattern: /^discovery\/(?:v2\.0\/)?keys$/i, answer: answerKeys },
];
const tokenPattern = /^oauth2\/v2\.0\/token$/i;

/** Answers as the sign-in host of Microsoft Entra ID. */
export function answerSignIn(call: Call): Answer {
  const correlationId = correlationIdOf(call);
  const headers = { "Cache-Control": "no-store, no-cache", Pragma: "no-cache", "client-request-id": correlationId };
  try {
    const answer = route(call);
    return { ...answer, headers: { ...headers, "x-ms-request-id": randomUUID(), ...answer.headers } };
  } catch (error) {
    if (!(error instanceof SignInRefusal)) throw error;
    const answer = refusalAnswer(error, { environment: call.exchange.environment, nowMs: call.nowMs, correlationId });
    return { ...answer, headers: { ...headers, ...answer.headers } };
  }
}

function route(call: Call): Answer {
  const [organization = "", ...rest] = call.request.path.split("/").slice(1);
  const path = rest.join("/");
  if (path.toLowerCase() === "discovery/instance") return answerInstanceDiscovery(call);
  if (tokenPattern.test(path)) {
    checkTenant(call, organization);
    return answerToken(call, organization);
  }
  const document = documents.find(({ pattern }) => pattern.test(path));
  if (!document) return textAnswer(404, `There is nothing at ${call.request.path}.`);
  if (organization.toLowerCase() !== "common") checkTenant(call, organization);
  return document.answer(call, organization);
}

function checkTenant({ exchange }: Call, organization: string): void {
  if (!isTenantIdentifier(organization)) throw tenantIdentifierInvalid(organization);
  if (!isTenantName(exchange, organization)) throw tenantNotFound(organization);
}

/** The client's own id for the request, where it sends a GUID. */
function correlationIdOf({ request }: Call): string {
  const sent = headerOf(request, "client-request-id") ?? "";
  return isGuid(sent) ? sent.toLowerCase() : randomUUID();
}
