import { randomUUID } from "node:crypto";
import { type Call, type Exchange, isTenantName } from "#local/exchange/exchange";
import { type Answer, headerOf, jsonAnswer, textAnswer } from "#local/exchange/http";
import { isGuid, isTenantIdentifier } from "#local/exchange/sign-in/access-token";
import {
  instanceUnknown,
  refusalAnswer,
  SignInRefusal,
  tenantIdentifierInvalid,
  tenantNotFound,
} from "#local/exchange/sign-in/refusals";
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

/** Which hosts belong to the cloud that `authorization_endpoint` lies in. */
function answerInstanceDiscovery({ request, exchange }: Call): Answer {
  const { preferredNetwork, preferredCache, signInAliases } = exchange.environment;
  const endpoint = URL.parse(request.query.get("authorization_endpoint") ?? "");
  if (!endpoint || !signInAliases.includes(endpoint.hostname.toLowerCase())) throw instanceUnknown();

  const organization = endpoint.pathname.split("/")[1] || "common";
  return jsonAnswer(200, {
    tenant_discovery_endpoint: `https://${preferredNetwork}/${organization}/v2.0/.well-known/openid-configuration`,
    "api-version": "1.1",
    metadata: [{ preferred_network: preferredNetwork, preferred_cache: preferredCache, aliases: signInAliases }],
  });
}

/** Where this server's sign-in endpoints are. https://learn.microsoft.com/entra/identity-platform/v2-protocols-oidc */
function answerOpenIdConfiguration({ exchange }: Call, organization: string): Answer {
  const base = `https://${exchange.environment.preferredNetwork}`;
  return jsonAnswer(200, {
    token_endpoint: `${base}/${organization}/oauth2/v2.0/token`,
    token_endpoint_auth_methods_supported: ["private_key_jwt"],
    jwks_uri: `${base}/${organization}/discovery/v2.0/keys`,
    response_modes_supported: ["query", "fragment", "form_post"],
    subject_types_supported: ["pairwise"],
    id_token_signing_alg_values_supported: ["RS256"],
    response_types_supported: ["code", "id_token", "code id_token", "id_token token"],
    scopes_supported: ["openid", "profile", "email", "offline_access"],
    issuer: `${base}/${issuerTenant(exchange, organization)}/v2.0`,
    request_uri_parameter_supported: false,
    authorization_endpoint: `${base}/${organization}/oauth2/v2.0/authorize`,
    tenant_region_scope: "EU",
    cloud_instance_name: exchange.environment.preferredNetwork,
  });
}

function answerKeys({ exchange }: Call): Answer {
  return jsonAnswer(200, { keys: exchange.tokens.publicKeys().map((key) => ({ ...key }) as Record<string, string>) });
}

function issuerTenant({ tenant }: Exchange, organization: string): string {
  return organization === "common" ? "{tenantid}" : tenant.id;
}
