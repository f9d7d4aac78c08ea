import { randomUUID } from "node:crypto";
import type { ExchangeEnvironment } from "#exchange/clouds";
import { type Answer, jsonAnswer } from "#local/exchange/http-answer";

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
