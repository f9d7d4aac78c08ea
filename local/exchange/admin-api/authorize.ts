import { appPermission } from "#exchange/clouds";
import { messageError, unauthorized } from "#local/exchange/admin-api/error-answers";
import { type Call, isTenantName } from "#local/exchange/exchange";
import { exchangeResource } from "#local/exchange/hosts";
import { type Answer, headerOf } from "#local/exchange/http";
import { LaggingTenant } from "#local/exchange/tenant/lagging-tenant";
import type { Tenant } from "#local/exchange/tenant/tenant";

/** The tenant as the domain controller shows it that answers this call. */
export function seenTenant({ exchange, faults, nowMs }: Call): Tenant {
  const lagSeconds = faults.valueOf("late-objects");
  return lagSeconds === undefined ? exchange.tenant : new LaggingTenant(exchange.tenant, nowMs - lagSeconds * 1000);
}

/** The refusal of a request whose token does not allow it; undefined where it does. `tenant` is the path's. */
export function refuseUnauthorized(call: Call, tenant: string): Answer | undefined {
  const { exchange, faults } = call;
  const claims = readToken(call);
  const isExpired = faults.find("expired-token") !== undefined;
  if (!claims || isExpired) return unauthorized(exchange.environment, 'error="invalid_token"');
  if (faults.find("claims-challenge") && !claims.xms_cc) return challenge(call);

  const hasAppRole = claims.roles.includes(appPermission.name) && exchange.app.hasAppRole;
  if (!hasAppRole || faults.find("no-app-role")) return unauthorized(exchange.environment, 'error="invalid_token"');
  if (!isTenantName(exchange, tenant)) return messageError(403, "The token was issued for another organization.");
  if (!exchange.app.hasDirectoryRole || faults.find("no-directory-role")) {
    return messageError(
      403,
      `The role assigned to application ${exchange.app.appId} isn't supported in this scenario. Please check online documentation for assigning correct Directory Roles to Azure AD Application for EXO App-Only Authentication.`,
    );
  }
  return undefined;
}

function readToken({ request, exchange, nowMs }: Call) {
  const [, token] = /^Bearer (.+)$/i.exec(headerOf(request, "authorization") ?? "") ?? [];
  return token === undefined ? undefined : exchange.tokens.read(token, exchangeResource(exchange.environment), nowMs);
}

/** https://learn.microsoft.com/entra/identity-platform/claims-challenge */
function challenge({ exchange, nowMs }: Call): Answer {
  const claims = { access_token: { nbf: { essential: true, value: String(Math.floor(nowMs / 1000)) } } };
  const encoded = Buffer.from(JSON.stringify(claims)).toString("base64");
  return unauthorized(exchange.environment, `error="insufficient_claims", claims="${encoded}"`);
}
