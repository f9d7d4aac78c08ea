import { randomUUID } from "node:crypto";
import process from "node:process";
import { DeleteMessageCommand, ReceiveMessageCommand, SendMessageCommand } from "@aws-sdk/client-sqs";
import type { Context, SQSEvent } from "aws-lambda";
import { handler as addGroupMembersHandler } from "#functions/add-group-members/handler";
import { handler as createGroupHandler } from "#functions/create-group/handler";
import { handler as expandAudienceHandler } from "#functions/expand-audience/handler";
import { queueFunctions } from "#functions/facts";
import { createSqsClient, startSqs } from "#local/aws/sqs";
import type { ExchangeOptions } from "#local/exchange/server";
import { startEventSource } from "#local/functions/event-source";
import { addGroupMembers } from "#operations/add-group-members/add-group-members";
import { createGroup } from "#operations/create-group/create-group";
import { expandAudience } from "#operations/expand-audience/expand-audience";
import { handleMessage } from "#operations/handle-message";
import { messageEventSchema } from "#operations/message";
import { openContext } from "#operations/open-context";
import { deadlineIn, remainingMs } from "#runtime/deadline";
import { createHandler } from "#runtime/handler";
import { credentials } from "#test/support/credentials";
import { createDelivery } from "#test/support/delivery";
import { guardMs } from "#test/support/eventually";
import { startGateway } from "#test/support/gateway";
import { receiveResults } from "#test/support/results";
import { watchRequests } from "#test/support/watch-requests";

const handlers = {
  "add-group-members": addGroupMembersHandler,
  "create-group": createGroupHandler,
  "expand-audience": expandAudienceHandler,
};

const skills = { "add-group-members": addGroupMembers, "create-group": createGroup, "expand-audience": expandAudience };

/** Lambda's own limit is 15 minutes. */
const usualLimitMs = 900_000;

type RequestOptions = { messageGroup?: string; lostReceives?: number };
type Action = keyof typeof handlers;
type StartOptions = { functions?: readonly Action[]; readBackPausesMs?: readonly number[] };
export type Changes = Awaited<ReturnType<typeof startChanges>>;

const changeFunctions = ["add-group-members", "create-group"] as const satisfies Action[];
export type ChangeAction = (typeof changeFunctions)[number];

/**
 * A gateway whose functions are given messages, as on Lambda, but for the time that passes until a message comes again:
 * those that change groups, unless others are named.
 */
export async function startChanges(
  options: ExchangeOptions,
  { functions = changeFunctions, readBackPausesMs }: StartOptions = {},
) {
  const { beforeAnswer, ...watch } = watchRequests();
  const gateway = await startGateway({ beforeAnswer, ...options });
  const sqs = await startSqs({ credentials });
  const client = createSqsClient({ sqs: sqs.url, ...credentials });
  Object.assign(process.env, {
    AWS_ENDPOINT_URL_SQS: sqs.url,
    GATEWAY_RESULTS_QUEUE: sqs.queues.results,
    GATEWAY_TENANT: "contoso",
  });
  /** How much time each invocation has. */
  const time = { limitMs: usualLimitMs };
  const context = { getRemainingTimeInMillis: () => time.limitMs } as Context;
  const delivery = createDelivery(client);
  const sources = functions.map((action) => {
    const queueUrl = sqs.queues[action];
    const handler = readBackPausesMs === undefined ? handlers[action] : handlerWith(skills[action], readBackPausesMs);
    const invoke = (event: SQSEvent) => handler(event, context);
    return startEventSource({ client, queueUrl, invoke: (event) => delivery.deliver(queueUrl, event, invoke) });
  });
  const received = receiveResults(client, sqs.queues.results);

  /** Sends a body as it is. */
  async function send(action: Action, body: string, messageGroup: string = randomUUID()): Promise<void> {
    const order = { MessageGroupId: messageGroup, MessageDeduplicationId: randomUUID() };
    const { isFifo } = queueFunctions[action];
    await client.send(
      new SendMessageCommand({ QueueUrl: sqs.queues[action], MessageBody: body, ...(isFifo ? order : {}) }),
    );
  }

  return {
    ...gateway,
    ...received,
    ...watch,
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

    /** Makes a request and answers what came of it: a result that says more than that it is being looked into. */
    async request(action: Action, fields: object, options: RequestOptions = {}) {
      const operationId = randomUUID();
      const common = { operationId, requestedAt: new Date().toISOString(), requestedBy: "anna@contoso.com" };
      const request = { ...common, ...fields };
      const body = JSON.stringify(request);
      delivery.loseReceives(body, options.lostReceives ?? 0);
      const result = received.awaitResult(
        (each) => each.operationId === request.operationId && each.outcome !== "pending",
      );
      await send(action, body, options.messageGroup);
      return result;
    },

    /** Takes the next message from a dead-letter queue and answers its body. */
    async takeDeadLetter(action: Action): Promise<string> {
      const QueueUrl = sqs.queues[`${action}-dlq`];
      const deadline = deadlineIn(guardMs);
      while (remainingMs(deadline) > 0) {
        const { Messages } = await client.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 1 }));
        const { Body, ReceiptHandle } = Messages?.[0] ?? {};
        if (Body === undefined) continue;
        await client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
        return Body;
      }
      throw new Error(`No message of ${action} became a dead letter.`);
    },

    stop: async () => {
      await Promise.all(sources.map((source) => source.stop()));
      await sqs.stop();
      client.destroy();
      await gateway.stop();
    },
  };
}

/** A function that looks this soon at what it has changed. */
function handlerWith(skill: (typeof skills)[Action], readBackPausesMs: readonly number[]) {
  return createHandler(messageEventSchema, ({ Records: [message] }, { deadline }) =>
    handleMessage(message, skill as typeof addGroupMembers, { ...openContext(deadline), readBackPausesMs }),
  );
}
