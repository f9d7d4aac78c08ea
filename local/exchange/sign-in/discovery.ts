import type { Call, Exchange } from "#local/exchange/exchange";
import { type Answer, jsonAnswer } from "#local/exchange/http-answer";
import { instanceUnknown } from "#local/exchange/sign-in/refusals";

/** Which hosts belong to the cloud that `authorization_endpoint` lies in. */
export function answerInstanceDiscovery({ request, exchange }: Call): Answer {
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
export function answerOpenIdConfiguration({ exchange }: Call, organization: string): Answer {
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

export function answerKeys({ exchange }: Call): Answer {
  return jsonAnswer(200, { keys: exchange.tokens.publicKeys().map((key) => ({ ...key }) as Record<string, string>) });
}

function issuerTenant({ tenant }: Exchange, organization: string): string {
  return organization === "common" ? "{tenantid}" : tenant.id;
}
