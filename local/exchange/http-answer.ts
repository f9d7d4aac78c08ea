import type { ServerResponse } from "node:http";
import { promisify } from "node:util";
import { constants, gzip } from "node:zlib";
import type { JsonValue } from "#local/exchange/answer/json-value";
import { type HttpRequest, headerOf } from "#local/exchange/http-request";

const compress = promisify(gzip);

/** Shorter bodies are not worth compressing. */
const minimumGzipBytes = 1_024;

export type Answer = {
  status: number;
  headers: Readonly<Record<string, string>>;
  body: string | Buffer;
};

/** An answer whose body is JSON, as Exchange Online's OData and Entra ID's token endpoint write it. */
export function jsonAnswer(status: number, body: JsonValue, headers: Readonly<Record<string, string>> = {}): Answer {
  return {
    status,
    headers: { "Content-Type": "application/json; charset=utf-8", ...headers },
    body: JSON.stringify(body),
  };
}

export function textAnswer(status: number, sentence: string, headers: Readonly<Record<string, string>> = {}): Answer {
  return { status, headers: { "Content-Type": "text/plain; charset=utf-8", ...headers }, body: `${sentence}\n` };
}

/** Sends an answer, compressed where the client takes gzip, with `Date` by the server's clock. */
export async function sendAnswer(
  response: ServerResponse,
  request: HttpRequest,
  answer: Answer,
  nowMs: number,
): Promise<void> {
  const headers: Record<string, string> = { Date: new Date(nowMs).toUTCString(), ...answer.headers };
  let body = Buffer.from(answer.body);
  if (takesGzip(request) && body.length >= minimumGzipBytes && headers["Content-Encoding"] === undefined) {
    body = await compress(body, { level: constants.Z_BEST_SPEED });
    headers["Content-Encoding"] = "gzip";
  }
  headers["Content-Length"] = String(body.length);
  response.sendDate = false;
  response.writeHead(answer.status, headers);
  response.end(body);
}

function takesGzip(request: HttpRequest): boolean {
  return /\bgzip\b(?!\s*;\s*q=0(?:\.0*)?(?:\s*,|\s*$))/i.test(headerOf(request, "accept-encoding") ?? "");
}
