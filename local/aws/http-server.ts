import { randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { inspect } from "node:util";
import type { AwsFault, AwsFaults } from "#local/aws/faults";
import { type AwsCredentials, findSignatureFault, type SignatureFault } from "#local/aws/signature";
import { printError } from "#local/print";

const errors = {
  unsigned: ["MissingAuthenticationTokenException", "Missing Authentication Token"],
  unknownKey: ["UnrecognizedClientException", "The security token included in the request is invalid."],
  wrongSignature: [
    "InvalidSignatureException",
    "The request signature we calculated does not match the signature you provided.",
  ],
} as const satisfies Record<SignatureFault, readonly [type: string, message: string]>;

/** How AWS's services that speak JSON refuse a request at the door. */
export function jsonRefusal(fault: SignatureFault): Required<Answer> {
  const [__type, message] = errors[fault];
  const headers = { "content-type": "application/x-amz-json-1.1" };
  return { status: 400, headers, body: JSON.stringify({ __type, message }) };
}

export type Answer = { status: number; headers?: Record<string, string>; body?: Buffer | string };

/** A fault that is answered with an error of the service's own. */
export type ErrorFaultKind = Exclude<AwsFault["kind"], "dropBefore" | "dropAfter" | "delay">;

type Service = {
  /** Who has signed with these is served. */
  credentials: AwsCredentials;
  refuse: (fault: SignatureFault) => Answer;
  faults: AwsFaults;
  /** What a fault's `target` is looked for in. */
  targetOf: (request: IncomingMessage) => string;
  faultAnswer: (kind: ErrorFaultKind) => Answer;
  /** Does the work in one turn of the event loop, so that nothing comes between a condition and its write. */
  answer: (request: IncomingMessage, body: Buffer) => Answer;
};

/**
 * Serves on this machine alone, on a free port unless one is given, whatever fault is switched on included. Any user of the
 * machine may come; who has not the key is refused before anything else.
 */
export async function startHttpServer(service: Service, port = 0): Promise<{ url: string; stop(): Promise<void> }> {
  const server = createServer((request, response) => {
    handle(request, response, service).catch((error) => {
      printError(inspect(error));
      request.socket.destroy();
    });
  });
  // A connection closed for idleness just as a client sends would look like a fault.
  server.keepAliveTimeout = 0;
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject).listen(port, "127.0.0.1", resolve);
  });

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function handle(request: IncomingMessage, response: ServerResponse, service: Service): Promise<void> {
  const body = await readBody(request);
  if (body === undefined) return;
  const { method = "", url = "", headers } = request;
  const signatureFault = findSignatureFault({ method, url, headers, body }, service.credentials);
  if (signatureFault) return send(response, service.refuse(signatureFault));
  const fault = service.faults.meet(method, service.targetOf(request));
  if (fault?.kind === "delay") await (fault.until ?? delay(fault.delayMs ?? 0, undefined, { ref: false }));
  if (fault?.kind === "dropBefore") return void request.socket.destroy();
  if (fault && isErrorFault(fault.kind)) return send(response, service.faultAnswer(fault.kind));
  const answer = service.answer(request, body);
  if (fault?.kind === "dropAfter") return void request.socket.destroy();
  send(response, answer);
}

/** Undefined where the client went away before all of it had come. */
async function readBody(request: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of request) chunks.push(chunk);
  } catch (error) {
    if (request.destroyed) return undefined;
    throw error;
  }
  return Buffer.concat(chunks);
}

function isErrorFault(kind: AwsFault["kind"]): kind is ErrorFaultKind {
  return kind !== "dropBefore" && kind !== "dropAfter" && kind !== "delay";
}

function send(response: ServerResponse, { status, headers, body = "" }: Answer): void {
  const bytes = Buffer.from(body);
  response.writeHead(status, { "content-length": bytes.length, "x-amz-request-id": randomUUID(), ...headers });
  response.end(bytes);
}
