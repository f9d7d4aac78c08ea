import process from "node:process";
import { Listr } from "listr2";
import { type QueueFunction, queueFunctions } from "#functions/facts";
import { describeError } from "#local/answers";
import { createSqsClient } from "#local/aws/sqs";
import type { EnvironmentAddress } from "#local/environment/environment";
import { findRunningEnvironment } from "#local/environment/running-environment";
import { describeResult } from "#local/messages/describe-result";
import { awaitResult, type ReceivedResult, sendMessage } from "#local/messages/send-message";
import { print, printError } from "#local/print";
import { deadlineIn } from "#runtime/deadline";
import { visibleLine } from "#runtime/text";

type Options = { timeout: number; json: boolean };
type Address = Pick<EnvironmentAddress, "aws" | "queues">;

/**
 * Sends a message to a function's queue and prints the result that comes of it. Exit code 0 where that is `succeeded`, 1
 * where it is any other, 2 when the message could not be sent or no final result came.
 */
export async function sendCommand(
  functionName: QueueFunction,
  text: string,
  options: Options,
  address: Address | undefined = findRunningEnvironment(),
): Promise<void> {
  try {
    if (!address) throw new Error("No local environment runs: start one with npm run local.");
    const { result, text: resultText } = await sendAndWait(functionName, text, options, address);
    print(options.json ? resultText : describeResult(result));
    process.exitCode = result.outcome === "succeeded" ? 0 : 1;
  } catch (error) {
    printError(describeError(error));
    process.exitCode = 2;
  }
}

async function sendAndWait(functionName: QueueFunction, text: string, { timeout, json }: Options, address: Address) {
  const client = createSqsClient(address.aws);
  try {
    const { operationId } = await sendMessage(client, address.queues[functionName], text);
    const wait = (onNotice: (notice: string) => void) =>
      awaitResult({
        client,
        queueUrl: address.queues.results,
        operationId,
        deadline: deadlineIn(timeout * 1000),
        onNotice: ({ userMessage }) => onNotice(userMessage),
      });
    const title = visibleLine(`${functionName}, operation ${operationId}`);
    const received = await (json || !process.stdout.isTTY ? waitPlainly(title, wait) : waitVisibly(title, wait));
    if (received) return received;
    const known = queueFunctions[functionName].isFifo
      ? "\nAn operation that was sent in the last five minutes is not delivered again."
      : "";
    throw new Error(
      `No final result of operation ${operationId} came within ${timeout} s. Does npm run local show that ${functionName} is at work?${known}`,
    );
  } finally {
    client.destroy();
  }
}

type Wait = (onNotice: (notice: string) => void) => Promise<ReceivedResult | undefined>;

function waitPlainly(title: string, wait: Wait): Promise<ReceivedResult | undefined> {
  printError(`Sent to ${title}. Waiting for its result.`);
  return wait((notice) => printError(visibleLine(notice)));
}

/** With a line that shows how long it takes. */
async function waitVisibly(title: string, wait: Wait): Promise<ReceivedResult | undefined> {
  const startedAt = Date.now();
  const context: { received?: ReceivedResult | undefined } = {};
  const task = async (_: typeof context, line: { title: string; output: string | undefined }) => {
    const timer = setInterval(() => {
      line.title = `${title}: ${Math.round((Date.now() - startedAt) / 1000)} s`;
    }, 1000);
    context.received = await wait((notice) => {
      line.output = visibleLine(notice);
    }).finally(() => clearInterval(timer));
  };
  await new Listr<typeof context>([{ title, task }]).run(context);
  return context.received;
}
