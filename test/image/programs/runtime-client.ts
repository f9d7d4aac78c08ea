/**
 * Lambda's runtime in short, where AWS's own is not installed: loads the function that the environment names, asks the
 * Runtime API for one event after another, and answers it. https://docs.aws.amazon.com/lambda/latest/dg/runtimes-custom.html
 */
import { Agent, type IncomingMessage, request } from "node:http";
import { join } from "node:path";
import process from "node:process";
import { text } from "node:stream/consumers";

const { AWS_LAMBDA_RUNTIME_API, LAMBDA_TASK_ROOT = "", _HANDLER = "" } = process.env;
const agent = new Agent({ keepAlive: true, maxSockets: 1 });

const [file, name = ""] = _HANDLER.split(".");
const { [name]: handler } = await import(join(LAMBDA_TASK_ROOT, `${file}.mjs`)).catch(async (error) => {
  await call("POST", "init/error", describe(error));
  throw error;
});

for (;;) {
  const { headers, content } = await call("GET", "invocation/next");
  const id = String(headers["lambda-runtime-aws-request-id"]);
  const deadlineMs = Number(headers["lambda-runtime-deadline-ms"]);
  const context = {
    awsRequestId: id,
    functionName: process.env.AWS_LAMBDA_FUNCTION_NAME,
    memoryLimitInMB: process.env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
    invokedFunctionArn: headers["lambda-runtime-invoked-function-arn"],
    getRemainingTimeInMillis: () => deadlineMs - Date.now(),
  };
  try {
    await call("POST", `invocation/${id}/response`, (await handler(JSON.parse(content), context)) ?? null);
  } catch (error) {
    await call("POST", `invocation/${id}/error`, describe(error));
  }
}

async function call(method: string, path: string, content?: unknown) {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  const url = `http://${AWS_LAMBDA_RUNTIME_API}/2018-06-01/runtime/${path}`;
  request(url, { method, agent }, resolve).on("error", reject).end(JSON.stringify(content));
  const { headers, ...response } = { headers: (await promise).headers, body: await text(await promise) };
  return { headers, content: response.body };
}

function describe(error: unknown) {
  if (!(error instanceof Error)) return { errorType: typeof error, errorMessage: String(error) };
  return { errorType: error.name, errorMessage: error.message, trace: error.stack?.split("\n") };
}
