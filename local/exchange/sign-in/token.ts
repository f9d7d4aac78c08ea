import { appPermission } from "#exchange/clouds";
import type { Call, Exchange } from "#local/exchange/exchange";
import { exchangeResource, signInHostsOf } from "#local/exchange/hosts";
import { type Answer, jsonAnswer } from "#local/exchange/http";
import { checkAssertion } from "#local/exchange/sign-in/client-assertion";
import {
  applicationNotFound,
  credentialMissing,
  grantTypeUnsupported,
  onlyPost,
  parameterMissing,
  resourceNotFound,
  SignInRefusal,
  scopeNotDefault,
} from "#local/exchange/sign-in/refusals";

const assertionType = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
const defaultScope = "/.default";

/** Every service principal has this one, for its part in the tenant. */
const plainRole = "0997a1d0-0d1d-4acb-b408-d5ca73121e90";
/** https://learn.microsoft.com/entra/identity/role-based-access-control/permissions-reference#exchange-administrator */
const exchangeAdministrator = "29232cdf-9323-42fd-ade2-1d097af3e4de";

type TokenRequest = { clientId: string; assertion: string; scope: string; hasClaims: boolean };

/** An access token for an app that proves itself with its certificate, or throws the SignInRefusal. */
export function answerToken({ request, exchange, faults, nowMs }: Call, organization: string): Answer {
  if (request.method !== "POST") throw onlyPost(request.method);
  const refused = faults.valueOf("sign-in-refusal");
  if (refused !== undefined) throw new SignInRefusal(refused, "The request was refused.");

  const asked = readForm(request.body);
  const resource = resourceAskedFor(asked.scope);
  if (asked.clientId.toLowerCase() !== exchange.app.appId) throw applicationNotFound(asked.clientId, organization);
  checkAssertion(asked.assertion, {
    app: exchange.app,
    clientId: asked.clientId,
    audiences: audiencesOf(exchange),
    nowMs,
  });
  if (resource.toLowerCase() !== exchangeResource(exchange.environment)) throw resourceNotFound(resource, organization);

  const token = exchange.tokens.issue(claimsFor(exchange, asked.hasClaims), nowMs, exchange.tokenLifeSeconds);
  const life = { expires_in: exchange.tokenLifeSeconds, ext_expires_in: exchange.tokenLifeSeconds };
  return jsonAnswer(200, { token_type: "Bearer", ...life, access_token: token });
}

function readForm(body: string): TokenRequest {
  const form = new URLSearchParams(body);
  const need = (name: string) => {
    const value = form.get(name);
    if (!value) throw parameterMissing(name);
    return value;
  };
  const grantType = need("grant_type");
  if (grantType !== "client_credentials") throw grantTypeUnsupported(grantType);
  const clientId = need("client_id");
  const scope = need("scope");
  const assertion = form.get("client_assertion");
  if (!assertion || form.get("client_assertion_type") !== assertionType) throw credentialMissing();
  return { clientId, assertion, scope, hasClaims: Boolean(form.get("claims")) };
}

/** Clients may add the scopes of OpenID; the one of a resource decides. */
function resourceAskedFor(text: string): string {
  const scope = text.split(" ").find((each) => each.endsWith(defaultScope));
  if (scope === undefined) throw scopeNotDefault(text);
  return scope.slice(0, -defaultScope.length);
}

/** The token endpoint or the issuer, under any name of the tenant. */
function audiencesOf({ environment, tenant }: Exchange): readonly string[] {
  const names = [tenant.id, ...tenant.acceptedDomains];
  const authorities = signInHostsOf(environment).flatMap((host) => names.map((name) => `https://${host}/${name}`));
  return authorities.map((each) => each.toLowerCase()).flatMap((each) => [`${each}/oauth2/v2.0/token`, `${each}/v2.0`]);
}

function claimsFor(exchange: Exchange, hasClaims: boolean): Record<string, unknown> {
  const { environment, tenant, app } = exchange;
  const issuer = `https://${environment.tokenIssuerHost}/${tenant.id}/`;
  return {
    aud: exchangeResource(environment),
    iss: issuer,
    app_displayname: app.displayName,
    appid: app.appId,
    appidacr: "2",
    idp: issuer,
    oid: app.servicePrincipalId,
    sub: app.servicePrincipalId,
    tid: tenant.id,
    ...(app.hasAppRole ? { roles: [appPermission.name] } : {}),
    wids: [...(app.hasDirectoryRole ? [exchangeAdministrator] : []), plainRole],
    ...(hasClaims ? { xms_cc: ["cp1"] } : {}),
  };
}
