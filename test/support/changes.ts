import { randomUUID } from "node:crypto";
import process from "node:process";
import { DeleteMessageCommand, ReceiveMessageCommand, SendMessageCommand } from "@aws-sdk/client-sqs";
import type { Context } from "aws-lambda";
import { handler as addGroupMembers } from "#functions/add-group-members/handler";
import { handler as createGroup } from "#functions/create-group/handler";
import { handler as expandAudience } from "#functions/expand-audience/handler";
import { createSqsClient } from "#local/aws/sqs/client";
import { functionQueues } from "#local/aws/sqs/queues";
import { startSqs } from "#local/aws/sqs/server";
import type { ExchangeOptions } from "#local/exchange/server";
import { startEventSource } from "#local/functions/event-source";
import { resultSchema } from "#operations/result";
import { deadlineIn, remainingMs } from "#runtime/deadline";
import { startGateway } from "#test/support/gateway";

const handlers = {
  "add-group-members": addGroupMembers,
  "create-group": createGroup,
  "expand-audience": expandAudience,
};

type RequestOptions = { timeoutMs?: number; messageGroup?: string };
type Action = keyof typeof handlers;
type StartOptions = { limitMs?: number; functions?: readonly Action[] };
export type Changes = Awaited<ReturnType<typeof startChanges>>;

const changeFunctions = ["add-group-members", "create-group"] as const;

/**
 * A gateway whose functions are given messages, as on Lambda: those that change groups, unless others are named. Its clock
 * for messages that come again is SQS's own.
 */
export async function startChanges(
  options: ExchangeOptions,
  { limitMs = 60_000, functions = changeFunctions }: StartOptions = {},
) {
  const gateway = await startGateway(options);
  const sqs = await startSqs();
  const client = createSqsClient(sqs.url);
  Object.assign(process.env, {
    AWS_ENDPOINT_URL_SQS: sqs.url,
    GATEWAY_RESULTS_QUEUE: sqs.queues.results,
    GATEWAY_TENANT: "contoso",
  });
  const sources = functions.map((action) =>
    startEventSource({
      client,
      queueUrl: sqs.queues[action],
      invoke: (event) => handlers[action](event, { getRemainingTimeInMillis: () => limitMs } as Context),
    }),
  );
  const results: { text: string; operationId: unknown; final: boolean }[] = [];

  async function receiveResults(): Promise<void> {
    const { Messages = [] } = await client.send(
      new ReceiveMessageCommand({ QueueUrl: sqs.queues.results, MaxNumberOfMessages: 10, WaitTimeSeconds: 1 }),
    );
    for (const { Body = "", ReceiptHandle } of Messages) {
      const { operationId, final } = resultSchema.parse(JSON.parse(Body));
      results.push({ text: Body, operationId, final });
      await client.send(new DeleteMessageCommand({ QueueUrl: sqs.queues.results, ReceiptHandle }));
    }
  }

  /** Sends a body as it is. */
  async function send(action: Action, body: string, messageGroup: string = randomUUID()): Promise<void> {
    const order = { MessageGroupId: messageGroup, MessageDeduplicationId: randomUUID() };
    const { isFifo } = functionQueues[action];
    await client.send(
      new SendMessageCommand({ QueueUrl: sqs.queues[action], MessageBody: body, ...(isFifo ? order : {}) }),
    );
  }

  return {
    ...gateway,
    sqs,
    client,
    send,
    /** The text of each result that came so far. */
    results,

    /** Lets nobody wait for an attempt that was killed, as time does. */
    endLeases: () => {
      for (const key of gateway.listKeys().filter((each) => each.startsWith("operations/"))) {
        const entry = JSON.parse(gateway.read(key).toString());
        const claim = entry.claim && { ...entry.claim, leaseUntil: new Date(0).toISOString() };
        gateway.write(key, JSON.stringify({ ...entry, claim }));
      }
    },

    /** The first of the results after those of `results` that the condition is true of. */
    async awaitResult(isWanted: (result: (typeof results)[number]) => boolean, timeoutMs = 30_000) {
      const deadline = deadlineIn(timeoutMs);
      let seen = results.length;
      for (;;) {
        const found = results.slice(seen).find(isWanted);
        if (found) return resultSchema.parse(JSON.parse(found.text));
        if (remainingMs(deadline) === 0) throw new Error(`No such result came within ${timeoutMs} ms.`);
        seen = results.length;
        await receiveResults();
      }
    },

    /** Makes a request and answers its final result. */
    async request(action: Action, fields: object, { timeoutMs, messageGroup }: RequestOptions = {}) {
      const operationId = randomUUID();
      const common = { operationId, requestedAt: new Date().toISOString(), requestedBy: "anna@contoso.com" };
      const request = { ...common, ...fields };
      const result = this.awaitResult((each) => each.operationId === request.operationId && each.final, timeoutMs);
      await send(action, JSON.stringify(request), messageGroup);
      return result;
    },

    stop: async () => {
      await Promise.all(sources.map((source) => source.stop()));
      await sqs.stop();
      client.destroy();
      await gateway.stop();
    },
  };
}
