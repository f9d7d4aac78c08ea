/**
 * One function in a process of its own, as Lambda runs it: `node local/functions/function-process.ts <function>`. Each message from
 * the parent is an event, answered by a message before the next one comes; what the function logs stays on its own
 * output. It ends when it is told to, or when the parent has gone.
 */

import { randomUUID } from "node:crypto";
import process from "node:process";
import type { Context } from "aws-lambda";
import { closeSharedClient } from "#exchange/shared-client";
import type { FunctionCall, FunctionMessage, Invocation } from "#local/functions/start-function";
import { ExchangeError, toExchangeError } from "#runtime/errors";

const [functionName = ""] = process.argv.slice(2);

process.on("message", async (message: FunctionMessage) => {
  if (message === "end") return end();
  const invocation = await invoke(message.call);
  if (process.connected) process.send?.(invocation);
});
process.once("disconnect", () => closeSharedClient());

async function end(): Promise<void> {
  await closeSharedClient();
  if (process.connected) process.disconnect();
}

async function invoke({ eventText, timeLimitMs }: FunctionCall): Promise<Invocation> {
  const { handler } = await import(`#functions/${functionName}/handler`);
  try {
    return { answer: (await handler(parseEvent(eventText), lambdaContext(timeLimitMs))) ?? {} };
  } catch (thrown) {
    const { code, message, retryable } = toExchangeError(thrown);
    return { failure: { code, message, retryable } };
  }
}

function parseEvent(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new ExchangeError("EVENT_INVALID", `The event is not JSON: ${text}`, { cause });
  }
}

function lambdaContext(timeLimitMs: number): Partial<Context> {
  const endsAt = Date.now() + timeLimitMs;
  return {
    functionName,
    functionVersion: "$LATEST",
    invokedFunctionArn: `arn:aws:lambda:eu-central-1:000000000000:function:${functionName}`,
    memoryLimitInMB: "1769",
    awsRequestId: randomUUID(),
    getRemainingTimeInMillis: () => endsAt - Date.now(),
  };
}
