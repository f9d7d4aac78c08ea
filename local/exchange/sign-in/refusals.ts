import { randomUUID, type X509Certificate } from "node:crypto";
import type { ExchangeEnvironment } from "#exchange/clouds";
import { type Answer, jsonAnswer } from "#local/exchange/http";

type RefusalKind = { status: number; error: string };

const invalidClient: RefusalKind = { status: 401, error: "invalid_client" };
const invalidRequest: RefusalKind = { status: 400, error: "invalid_request" };

/** By AADSTS number. https://learn.microsoft.com/entra/identity-platform/reference-error-codes */
const refusalKinds: Readonly<Record<number, RefusalKind>> = {
  50027: invalidRequest,
  50048: invalidClient,
  50049: { status: 400, error: "invalid_instance" },
  70003: { status: 400, error: "unsupported_grant_type" },
  90002: invalidRequest,
  90033: { status: 503, error: "temporarily_unavailable" },
  500011: { status: 400, error: "invalid_resource" },
  700016: { status: 400, error: "unauthorized_client" },
  700021: invalidClient,
  700023: invalidClient,
  700024: invalidClient,
  700027: invalidClient,
  900023: invalidRequest,
  900144: invalidRequest,
  900561: invalidRequest,
  1002012: { status: 400, error: "invalid_scope" },
  7000216: invalidClient,
  7000222: invalidClient,
};

/** What Microsoft Entra ID answers instead of a token. */
export class SignInRefusal extends Error {
  readonly code: number;

  constructor(code: number, text: string) {
    super(`AADSTS${code}: ${text}`);
    this.name = "SignInRefusal";
    this.code = code;
  }
}

export type RefusalContext = { environment: ExchangeEnvironment; nowMs: number; correlationId: string };

export function refusalAnswer(refusal: SignInRefusal, context: RefusalContext): Answer {
  const { environment, nowMs, correlationId } = context;
  const { status, error } = refusalKinds[refusal.code] ?? invalidRequest;
  const timestamp = `${new Date(nowMs).toISOString().slice(0, 19).replace("T", " ")}Z`;
  const traceId = randomUUID();
  const description = `${refusal.message} Trace ID: ${traceId} Correlation ID: ${correlationId} Timestamp: ${timestamp}`;
  return jsonAnswer(status, {
    error,
    error_description: description,
    error_codes: [refusal.code],
    timestamp,
    trace_id: traceId,
    correlation_id: correlationId,
    error_uri: `https://${environment.signInHost}/error?code=${refusal.code}`,
  });
}

const notYours =
  "This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant. You may have sent your authentication request to the wrong tenant.";

export function tenantNotFound(tenant: string): SignInRefusal {
  return new SignInRefusal(
    90002,
    `Tenant '${tenant}' not found. Check to make sure you have the correct tenant ID and are signing into the correct cloud. Check with your subscription administrator, this may happen if there are no active subscriptions for the tenant.`,
  );
}

export function tenantIdentifierInvalid(tenant: string): SignInRefusal {
  return new SignInRefusal(
    900023,
    `Specified tenant identifier '${tenant}' is neither a valid DNS name, nor a valid external domain.`,
  );
}

export function applicationNotFound(appId: string, tenant: string): SignInRefusal {
  return new SignInRefusal(
    700016,
    `Application with identifier '${appId}' was not found in the directory '${tenant}'. ${notYours}`,
  );
}

export function resourceNotFound(resource: string, tenant: string): SignInRefusal {
  return new SignInRefusal(
    500011,
    `The resource principal named ${resource} was not found in the tenant named ${tenant}. ${notYours}`,
  );
}

/** `thumbprint` as Entra ID shows it: hexadecimal, in capitals. */
export function certificateNotRegistered(thumbprint: string, appId: string): SignInRefusal {
  return new SignInRefusal(
    700027,
    `The certificate with identifier used to sign the client assertion is not registered on application. [Reason - The key was not found., Thumbprint of key used by client: '${thumbprint}', Please visit the Azure Portal, Graph Explorer or directly use MS Graph to see configured keys for app Id '${appId}'.]`,
  );
}

export function signatureInvalid(thumbprint: string, certificate: X509Certificate): SignInRefusal {
  return new SignInRefusal(
    700027,
    `Client assertion contains an invalid signature. [Reason - The key was found, but use of the key to verify the signature failed., Thumbprint of key used by client: '${thumbprint}', Found key 'Start=${toUsTime(certificate.validFrom)}, End=${toUsTime(certificate.validTo)}']`,
  );
}

export function keyTooShort(bits: number, minimum: number): SignInRefusal {
  return new SignInRefusal(700027, `RSA key size ${bits} is less than the minimum required ${minimum} bits.`);
}

export function keyExpired(appId: string): SignInRefusal {
  return new SignInRefusal(
    7000222,
    `The provided client secret keys for app '${appId}' are expired. Visit the Azure portal to create new keys for your app, or consider using certificate credentials for added security.`,
  );
}

export function assertionOutsideItsTime(nowMs: number, notBeforeMs: number, expiresMs: number): SignInRefusal {
  return new SignInRefusal(
    700024,
    `Client assertion is not within its valid time range. Current time: ${toTicks(nowMs)}, assertion valid from ${toTicks(notBeforeMs)}, expiry time of assertion ${toTicks(expiresMs)}.`,
  );
}

export function audienceMismatch(): SignInRefusal {
  return new SignInRefusal(700023, "Client assertion audience claim does not match Realm issuer.");
}

export function applicationMismatch(): SignInRefusal {
  return new SignInRefusal(700021, "Client assertion application identifier doesn't match 'client_id' parameter.");
}

export function subjectMismatch(): SignInRefusal {
  return new SignInRefusal(50048, "Subject must match the issuer claim in the client assertion.");
}

export function assertionMalformed(reason = "JWT token is invalid or malformed."): SignInRefusal {
  return new SignInRefusal(50027, reason);
}

export function parameterMissing(name: string): SignInRefusal {
  return new SignInRefusal(900144, `The request body must contain the following parameter: '${name}'.`);
}

export function grantTypeUnsupported(grantType: string): SignInRefusal {
  return new SignInRefusal(70003, `The app requested an unsupported grant type '${grantType}'.`);
}

export function scopeNotDefault(scope: string): SignInRefusal {
  return new SignInRefusal(
    1002012,
    `The provided value for scope ${scope} is not valid. Client credential flows must have a scope value with /.default suffixed to the resource identifier (application ID URI).`,
  );
}

export function credentialMissing(): SignInRefusal {
  return new SignInRefusal(
    7000216,
    "'client_assertion', 'client_secret' or 'request' is required for the 'client_credentials' grant type.",
  );
}

export function onlyPost(method: string): SignInRefusal {
  return new SignInRefusal(900561, `The endpoint only accepts POST requests. Received a ${method} request.`);
}

export function instanceUnknown(): SignInRefusal {
  return new SignInRefusal(50049, "Unknown or invalid instance.");
}

/** `2024-10-02T22:05:03.6750000Z`, with the seven digits of .NET. */
function toTicks(timeMs: number): string {
  return new Date(timeMs).toISOString().replace("Z", "0000Z");
}

/** `09/09/2024 17:51:32` */
function toUsTime(time: string): string {
  const [year, month, day, clock] = new Date(time).toISOString().split(/[-T.]/);
  return `${month}/${day}/${year} ${clock}`;
}
