import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from "node:http";
import { promisify } from "node:util";
import { constants, gzip } from "node:zlib";
import type { JsonValue } from "#local/exchange/answer/json-answer";

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

/** More than any request of a client holds. */
const maximumBodyBytes = 16 * 1024 * 1024;

/** A request that came through a tunnel, read to its end. */
export type HttpRequest = {
  method: string;
  host: string;
  /** Percent escapes undone, without the query. */
  path: string;
  query: Query;
  headers: IncomingHttpHeaders;
  body: string;
};

/** The options behind the question mark; their names count in any letter case. */
type Query = {
  get(name: string): string | undefined;
  entries(): readonly (readonly [name: string, value: string])[];
};

/** Reads a request; undefined where its body is longer than any that makes sense. */
export async function readRequest(host: string, incoming: IncomingMessage): Promise<HttpRequest | undefined> {
  const body = await readBody(incoming);
  if (body === undefined) return undefined;
  const [path = "", ...rest] = (incoming.url ?? "").split("?");
  return {
    method: incoming.method ?? "",
    host,
    path: undoEscapes(path),
    query: readQuery(rest.join("?")),
    headers: incoming.headers,
    body,
  };
}

/** A header's one value; undefined where it is absent. */
export function headerOf(request: HttpRequest, name: string): string | undefined {
  const value = request.headers[name];
  return Array.isArray(value) ? value.join(", ") : value;
}

async function readBody(incoming: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes <= maximumBodyBytes) chunks.push(chunk);
  }
  return bytes <= maximumBodyBytes ? Buffer.concat(chunks).toString("utf8") : undefined;
}

function undoEscapes(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

function readQuery(text: string): Query {
  const entries = [...new URLSearchParams(text)];
  const values = new Map(entries.map(([name, value]) => [name.toLowerCase(), value]));
  return { get: (name) => values.get(name.toLowerCase()), entries: () => entries };
}
