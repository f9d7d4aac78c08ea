/**
 * One function in a process of its own, as Lambda runs it: `node local/function-process.ts <function> <event as JSON>`.
 * The answer or the failure goes to the parent as a message; what the function logs stays on its own output.
 */
import { randomUUID } from "node:crypto";
import process from "node:process";
import type { Context } from "aws-lambda";
import { closeSharedClient } from "#exchange/shared-client";
import { ExchangeError, toExchangeError } from "#runtime/exchange-error";

const timeLimitMs = 15 * 60 * 1000;

const [functionName = "", eventText = "{}"] = process.argv.slice(2);
const message = await invoke();
process.send?.(message);
await closeSharedClient();
process.disconnect?.();

async function invoke() {
  const { handler } = await import(`#functions/${functionName}/handler`);
  try {
    return { answer: await handler(parseEvent(eventText), lambdaContext()) };
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

function lambdaContext(): Partial<Context> {
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
