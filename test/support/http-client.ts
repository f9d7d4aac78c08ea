import { once } from "node:events";
import { request as httpRequest, type IncomingHttpHeaders } from "node:http";
import { request as httpsRequest } from "node:https";
import type { Socket } from "node:net";
import { connect, type TLSSocket } from "node:tls";
import { gunzipSync } from "node:zlib";

export type Received = {
  status: number;
  headers: IncomingHttpHeaders;
  /** As it came, before anything is decompressed. */
  bytes: Buffer;
  text: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of many shapes
  json: any;
};

export type Sent = { method?: string; headers?: Record<string, string>; body?: string };

/** An HTTPS client of its own that reaches its hosts through the proxy alone and trusts one authority alone. */
export type HttpClient = { send(url: string, sent?: Sent): Promise<Received> };

export function createHttpClient({ proxy, caCertificate }: { proxy: string; caCertificate: string }): HttpClient {
  return {
    send: async (url, { method = "GET", headers = {}, body } = {}) => {
      const { hostname } = new URL(url);
      const socket = await openTls(proxy, hostname, caCertificate);
      const length = body === undefined ? {} : { "content-length": String(Buffer.byteLength(body)) };
      const request = httpsRequest(url, { method, headers: { ...length, ...headers }, createConnection: () => socket });
      request.end(body);
      const [response] = await once(request, "response");
      const chunks: Buffer[] = [];
      for await (const chunk of response) chunks.push(chunk);
      socket.destroy();
      return received(response.statusCode, response.headers, Buffer.concat(chunks));
    },
  };
}

/** Asks a proxy for a tunnel: its status, the socket, and the text of a refusal. */
export async function openTunnel(
  proxy: string,
  target: string,
): Promise<{ status: number; socket: Socket; text: string }> {
  const { hostname, port } = new URL(proxy);
  const request = httpRequest({ hostname, port, method: "CONNECT", path: target, agent: false });
  request.end();
  const [response, socket, head] = (await once(request, "connect")) as [{ statusCode: number }, Socket, Buffer];
  if (response.statusCode === 200) return { status: 200, socket, text: "" };
  const chunks = [head];
  for await (const chunk of socket) chunks.push(chunk as Buffer);
  return { status: response.statusCode, socket, text: Buffer.concat(chunks).toString() };
}

export async function openTls(proxy: string, host: string, ca: string): Promise<TLSSocket> {
  const { status, socket } = await openTunnel(proxy, `${host}:443`);
  if (status !== 200) throw new Error(`The proxy answered ${status}.`);
  const secure = connect({ socket, servername: host, ca, ALPNProtocols: ["http/1.1"] });
  await once(secure, "secureConnect");
  return secure;
}

function received(status: number, headers: IncomingHttpHeaders, bytes: Buffer): Received {
  const text = unpack(headers, bytes).toString("utf8");
  return { status, headers, bytes, text, json: parse(text) };
}

function unpack(headers: IncomingHttpHeaders, bytes: Buffer): Buffer {
  try {
    return headers["content-encoding"] === "gzip" ? gunzipSync(bytes) : bytes;
  } catch {
    return bytes;
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
