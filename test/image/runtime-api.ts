import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { json } from "node:stream/consumers";

/** What a runtime reports of an error. */
export type ReportedError = { errorType: string; errorMessage: string; trace?: string[] };
export type Outcome = { answer: unknown } | { error: ReportedError };

export type RuntimeApi = {
  /** As AWS_LAMBDA_RUNTIME_API has it. */
  address: string;
  /** Resolves when the runtime first asks for an event: its Init phase is over. Rejects with what it could not load. */
  ready: Promise<void>;
  /** Gives the runtime an event, once it asks for one. */
  invoke(event: unknown, options?: { limitMs?: number }): Promise<Outcome>;
  stop(): Promise<void>;
};

const prefix = "/2018-06-01/runtime";

/**
 * Lambda's Runtime API for one process, on a free port. `now` is the clock by which it tells deadlines.
 * https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
 */
export async function startRuntimeApi({ now = Date.now }: { now?: () => number } = {}): Promise<RuntimeApi> {
  const ready = Promise.withResolvers<void>();
  const outcomes = new Map<string, (outcome: Outcome) => void>();
  let asking = Promise.withResolvers<ServerResponse>();

  const server = createServer(async (request, response) => {
    const [kind = "", id = "", end] = request.url?.slice(prefix.length + 1).split("/") ?? [];
    if (request.method === "GET" && kind === "invocation" && id === "next") {
      ready.resolve();
      asking.resolve(response);
    } else if (kind === "init") {
      ready.reject(new Error(describe(await body<ReportedError>(request))));
      response.writeHead(202).end();
    } else {
      const content = await body(request);
      response.writeHead(202).end();
      outcomes.get(id)?.(end === "error" ? { error: content as ReportedError } : { answer: content });
    }
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");

  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    ready: ready.promise,
    invoke: async (event, { limitMs = 60_000 } = {}) => {
      const id = randomUUID();
      const outcome = new Promise<Outcome>((resolve) => outcomes.set(id, resolve));
      const response = await asking.promise;
      asking = Promise.withResolvers();
      response.writeHead(200, invocationHeaders(id, now() + limitMs)).end(JSON.stringify(event));
      return outcome;
    },
    stop: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

function invocationHeaders(id: string, deadlineMs: number): Record<string, string> {
  return {
    "Content-Type": "application/json",
    "Lambda-Runtime-Aws-Request-Id": id,
    "Lambda-Runtime-Deadline-Ms": String(deadlineMs),
    "Lambda-Runtime-Invoked-Function-Arn": "arn:aws:lambda:eu-central-1:000000000000:function:test",
    "Lambda-Runtime-Trace-Id": "Root=1-5bef4de7-ad49b0e87f6ef6c87fc2e700;Parent=9a9197af755a6419;Sampled=0",
  };
}

async function body<Content>(request: IncomingMessage): Promise<Content> {
  return (await json(request)) as Content;
}

function describe({ errorType, errorMessage }: ReportedError): string {
  return `The function could not be loaded: ${errorType}: ${errorMessage}`;
}
