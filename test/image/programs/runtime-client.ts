/**
 * Lambda's runtime in short, where AWS's own is not installed: loads the function that the environment names, asks the
 * Runtime API for one event after another, and answers it. https://docs.aws.amazon.com/lambda/latest/dg/runtimes-custom.html
 */
import { Agent, type IncomingHttpHeaders, type IncomingMessage, request } from "node:http";
import { join } from "node:path";
import process from "node:process";
import { text } from "node:stream/consumers";
import { format } from "node:util";

const { AWS_LAMBDA_RUNTIME_API, LAMBDA_TASK_ROOT = "", _HANDLER = "" } = process.env;
const agent = new Agent({ keepAlive: true, maxSockets: 1 });

// As where the function's log format is JSON.
for (const level of ["debug", "info", "log", "warn", "error"] as const) {
  console[level] = (...parts) => process.stdout.write(`${JSON.stringify({ level, message: format(...parts) })}\n`);
}

const [file, name = ""] = _HANDLER.split(".");
const { [name]: handler } = await import(join(LAMBDA_TASK_ROOT, `${file}.mjs`)).catch(async (error) => {
  await call("POST", "init/error", describe(error));
  throw error;
});

for (;;) {
  const { headers, body } = await call("GET", "invocation/next");
  const id = String(headers["lambda-runtime-aws-request-id"]);
  try {
    const answer = await handler(JSON.parse(body), contextOf(id, headers));
    await call("POST", `invocation/${id}/response`, answer ?? null);
  } catch (error) {
    await call("POST", `invocation/${id}/error`, describe(error));
  }
}

function contextOf(id: string, headers: IncomingHttpHeaders) {
  const deadlineMs = Number(headers["lambda-runtime-deadline-ms"]);
  return {
    awsRequestId: id,
    functionName: process.env.AWS_LAMBDA_FUNCTION_NAME,
    memoryLimitInMB: process.env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
    invokedFunctionArn: headers["lambda-runtime-invoked-function-arn"],
    getRemainingTimeInMillis: () => deadlineMs - Date.now(),
  };
}

async function call(method: string, path: string, content?: unknown) {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  const url = `http://${AWS_LAMBDA_RUNTIME_API}/2018-06-01/runtime/${path}`;
  request(url, { method, agent }, resolve).on("error", reject).end(JSON.stringify(content));
  const response = await promise;
  return { headers: response.headers, body: await text(response) };
}

function describe(error: unknown) {
  if (!(error instanceof Error)) return { errorType: typeof error, errorMessage: String(error) };
  return { errorType: error.name, errorMessage: error.message, trace: error.stack?.split("\n") };
}
