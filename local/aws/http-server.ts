import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import type { AwsFaults } from "#local/aws/faults";

export type Answer = { status: number; headers?: Record<string, string>; body?: Buffer | string };

type Options = {
  faults: AwsFaults;
  /** What a fault is matched against: the key, or the action. */
  targetOf: (request: IncomingMessage) => string;
  errorAnswer: (status: number, code: string, message: string) => Answer;
  answer: (request: IncomingMessage, body: Buffer) => Answer;
};

/** An HTTP server on a free port of this machine, whose answers come from one function and meet faults on demand. */
export async function startHttpServer(options: Options): Promise<{ url: string; stop(): Promise<void> }> {
  const server = createServer((request, response) => {
    handle(request, response, options).catch(() => request.socket.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;

  return {
    url: `http://127.0.0.1:${port}`,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function handle(request: IncomingMessage, response: ServerResponse, options: Options): Promise<void> {
  const { faults, targetOf, errorAnswer, answer } = options;
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);

  const fault = faults.find(request.method ?? "GET", targetOf(request));
  if (fault?.kind === "delay") await delay(fault.delayMs ?? 0);
  if (fault?.kind === "dropBefore") return void request.socket.destroy();
  if (fault?.kind === "slowDown")
    return send(response, errorAnswer(503, "SlowDown", "Please reduce your request rate."));
  if (fault?.kind === "conflict") {
    const message = "The conditional request cannot succeed due to a conflicting operation against this resource.";
    return send(response, errorAnswer(409, "ConditionalRequestConflict", message));
  }
  const answered = answer(request, Buffer.concat(chunks));
  if (fault?.kind === "dropAfter") return void request.socket.destroy();
  send(response, answered, request.method);
}

function send(response: ServerResponse, { status, headers, body = "" }: Answer, method?: string): void {
  const bytes = Buffer.from(body);
  response.writeHead(status, { "content-length": bytes.length, ...headers });
  response.end(method === "HEAD" ? undefined : bytes);
}
