import { randomUUID } from "node:crypto";
import process from "node:process";
import { DeleteMessageCommand, ReceiveMessageCommand, SendMessageCommand } from "@aws-sdk/client-sqs";
import type { Context, SQSEvent } from "aws-lambda";
import { handler as addGroupMembers } from "#functions/add-group-members/handler";
import { handler as createGroup } from "#functions/create-group/handler";
import { handler as expandAudience } from "#functions/expand-audience/handler";
import { createSqsClient } from "#local/aws/sqs/client";
import { functionQueues } from "#local/aws/sqs/queues";
import { startSqs } from "#local/aws/sqs/server";
import type { ExchangeOptions } from "#local/exchange/server";
import { startEventSource } from "#local/functions/event-source";
import { createDelivery } from "#test/support/delivery";
import { startGateway } from "#test/support/gateway";
import { receiveResults } from "#test/support/results";

const handlers = {
  "add-group-members": addGroupMembers,
  "create-group": createGroup,
  "expand-audience": expandAudience,
};

type RequestOptions = { timeoutMs?: number; messageGroup?: string; lostReceives?: number };
type Action = keyof typeof handlers;
type StartOptions = { functions?: readonly Action[] };
export type Changes = Awaited<ReturnType<typeof startChanges>>;

const changeFunctions = ["add-group-members", "create-group"] as const satisfies Action[];
export type ChangeAction = (typeof changeFunctions)[number];

/**
 * A gateway whose functions are given messages, as on Lambda, but for the time that passes until a message comes again:
 * those that change groups, unless others are named.
 */
export async function startChanges(options: ExchangeOptions, { functions = changeFunctions }: StartOptions = {}) {
  const gateway = await startGateway(options);
  const sqs = await startSqs();
  const client = createSqsClient(sqs.url);
  Object.assign(process.env, {
    AWS_ENDPOINT_URL_SQS: sqs.url,
    GATEWAY_RESULTS_QUEUE: sqs.queues.results,
    GATEWAY_TENANT: "contoso",
  });
  /** How much time each invocation has. */
  const time = { limitMs: 60_000 };
  const context = { getRemainingTimeInMillis: () => time.limitMs } as Context;
  const delivery = createDelivery(client);
  const sources = functions.map((action) => {
    const queueUrl = sqs.queues[action];
    const invoke = (event: SQSEvent) => handlers[action](event, context);
    return startEventSource({ client, queueUrl, invoke: (event) => delivery.deliver(queueUrl, event, invoke) });
  });
  const received = receiveResults(client, sqs.queues.results);

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
    ...received,
    sqs,
    client,
    time,
    delivery,
    send,

    /** Lets nobody wait for an attempt that was killed, as time does. */
    endLeases: () => {
      for (const key of gateway.listKeys().filter((each) => each.startsWith("operations/"))) {
        const entry = JSON.parse(gateway.read(key).toString());
        const claim = entry.claim && { ...entry.claim, leaseUntil: new Date(0).toISOString() };
        gateway.write(key, JSON.stringify({ ...entry, claim }));
      }
    },

    /** Makes a request and answers its final result. */
    async request(action: Action, fields: object, options: RequestOptions = {}) {
      const operationId = randomUUID();
      const common = { operationId, requestedAt: new Date().toISOString(), requestedBy: "anna@contoso.com" };
      const request = { ...common, ...fields };
      const body = JSON.stringify(request);
      delivery.loseReceives(body, options.lostReceives ?? 0);
      const isOwn = (each: { operationId: unknown; final: boolean }) =>
        each.operationId === request.operationId && each.final;
      const result = received.awaitResult(isOwn, options.timeoutMs);
      await send(action, body, options.messageGroup);
      return result;
    },

    /** Takes the next message from a dead-letter queue and answers its body. */
    async takeDeadLetter(action: Action): Promise<string> {
      const QueueUrl = sqs.queues[`${action}-dlq`];
      const { Messages } = await client.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 10 }));
      const { Body = "", ReceiptHandle } = Messages?.[0] ?? {};
      await client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
      return Body;
    },

    stop: async () => {
      await Promise.all(sources.map((source) => source.stop()));
      await sqs.stop();
      client.destroy();
      await gateway.stop();
    },
  };
}
